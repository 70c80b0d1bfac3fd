import { randomUUID } from 'node:crypto';
import { openWorld, type World } from './campaigns-world.js';

interface Enrolled {
  enrolled: number;
  alreadyEnrolled: number;
  invoices: { invoice: string; result: string; enrolmentId: string | null }[];
}

interface Detail {
  state: string;
  endedReason: string | null;
  next: { kind: string; at: string | null; sentence: string };
  upcoming: { stepKey: string; at: string }[];
}

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await world.publishCampaign('standard');
});
afterAll(() => world.close());

describe('enrolling', () => {
  it('tells for each invoice what became of it', async () => {
    await world.invoice('E-1');
    const body = { campaign: 'ext:standard', invoices: ['ext:E-1', 'ext:nowhere', randomUUID(), 'ext:E-1'] };
    const first = await world.admin.post<Enrolled>('/v1/enrolments', body);
    expect(first).toMatchObject({ status: 200, body: { complete: true } });
    expect(first.body.invoices.map(({ result }) => result)).toEqual([
      'enrolled',
      'unknown',
      'unknown',
      'enrolled',
    ]);
    const second = await world.admin.post<Enrolled>('/v1/enrolments', body);
    expect(second.body.invoices[0]).toMatchObject({ result: 'already_enrolled' });
  });

  it('is answered again for the same Idempotency-Key', async () => {
    await world.invoice('E-2');
    const headers = { 'Idempotency-Key': randomUUID() };
    const send = (invoice: string) =>
      world.admin.post<Enrolled>(
        '/v1/enrolments',
        { campaign: 'ext:standard', invoices: [invoice] },
        headers,
      );
    expect((await send('ext:E-2')).body.enrolled).toBe(1);
    const again = await send('ext:E-2');
    expect(again.body.enrolled).toBe(1);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await send('ext:E-1')).status).toBe(422);
  });

  it('by a filter takes the open invoices it names, once', async () => {
    await world.publishCampaign('other');
    await Promise.all(
      ['10.00', '20.00', '30.00'].map((total, n) =>
        world.invoice(`F-${n}`, { total, dueOn: `2013-03-0${n + 1}` }),
      ),
    );
    const send = (filter: object) =>
      world.admin.post<Enrolled>('/v1/enrolments', { campaign: 'ext:other', filter });
    expect((await send({ dueFrom: '2013-03-01', minAmount: '20.00', currency: 'EUR' })).body).toMatchObject({
      enrolled: 2,
      invoices: [],
    });
    expect(
      (await send({ dueFrom: '2013-03-01', dueTo: '2013-03-31', customer: 'ext:C-1' })).body,
    ).toMatchObject({ enrolled: 1, complete: true });
    expect((await send({ dueFrom: '2013-03-01' })).body).toMatchObject({ enrolled: 0 });
    expect((await send({ minAmount: '20.00' })).status).toBe(400);
    expect((await send({ minAmount: '20.123', currency: 'EUR' })).status).toBe(422);
    expect((await send({ status: 'settled' })).status).toBe(400);
  });

  it('needs a published version', async () => {
    await world.importCampaign('unpublished');
    const post = (body: object) => world.admin.post('/v1/enrolments', body);
    expect((await post({ campaign: 'ext:unpublished', invoices: ['ext:E-1'] })).status).toBe(409);
    expect((await post({ campaign: 'ext:standard', version: 7, invoices: ['ext:E-1'] })).status).toBe(409);
    expect((await post({ campaign: 'ext:nothing', invoices: ['ext:E-1'] })).status).toBe(404);
    expect((await post({ campaign: 'ext:standard' })).status).toBe(400);
    expect((await post({ campaign: 'ext:standard', invoices: ['ext:E-1'], filter: {} })).status).toBe(400);
  });

  it('is for managers', async () => {
    const agent = await world.organisation.as('agent');
    expect(
      (await agent.post('/v1/enrolments', { campaign: 'ext:standard', invoices: ['ext:E-1'] })).status,
    ).toBe(403);
  });
});

describe('an enrolment', () => {
  it('says in words what comes next', async () => {
    await world.invoice('N-1');
    const id = await world.enrol('N-1', 'standard');
    const { body } = await world.admin.get<Detail>(`/v1/enrolments/${id}`);
    expect(body).toMatchObject({
      invoiceExternalId: 'N-1',
      campaignExternalId: 'standard',
      state: 'open',
      planned: true,
      next: {
        kind: 'wait',
        at: '2013-01-26T09:00:00Z',
        stepKey: 'heads-up',
        medium: 'email',
        sentence: 'Step "heads-up" is due on 2013-01-26 at 10:00 (Europe/Madrid) by e-mail.',
      },
      upcoming: [{ stepKey: 'heads-up' }, { stepKey: 'call', at: '2013-02-12T10:00:00Z' }],
    });
  });

  it('names the hold that keeps it back, and when the step it keeps back is given up', async () => {
    await world.invoice('N-2');
    const id = await world.enrol('N-2', 'standard');
    await world.admin.post('/v1/holds', { invoiceExternalId: 'N-2', kind: 'dispute' });
    const { body } = await world.admin.get<Detail>(`/v1/enrolments/${id}`);
    expect(body.next).toMatchObject({
      kind: 'wait',
      at: '2013-01-29T23:00:00Z',
      sentence: expect.stringContaining('dispute') as unknown,
    });
  });

  it('can be ended by hand, once, and its workflow is told', async () => {
    const invoiceId = await world.invoice('N-3');
    const id = await world.enrol('N-3', 'standard');
    const ended = await world.admin.post<Detail>(`/v1/enrolments/${id}/end`, { reason: 'They called.' });
    expect(ended).toMatchObject({
      status: 200,
      body: {
        state: 'ended',
        endedReason: 'by_hand',
        nextDueAt: null,
        next: { kind: 'finished', sentence: expect.stringContaining('somebody ended') as unknown },
      },
    });
    expect((await world.admin.post(`/v1/enrolments/${id}/end`, {})).status).toBe(409);
    await world.execute(invoiceId);
    const after = await world.admin.get<Detail>(`/v1/enrolments/${id}`);
    expect(after.body).toMatchObject({ state: 'ended', endedReason: 'by_hand', planned: true });
    const list = await world.admin.get<{ data: unknown[] }>(
      '/v1/enrolments?state=ended&campaign=ext:standard',
    );
    expect(list.body.data).toHaveLength(1);
  });

  it("is not another organisation's", async () => {
    await world.invoice('N-4');
    const id = await world.enrol('N-4', 'standard');
    const other = await world.api.organisation();
    expect((await other.admin.get(`/v1/enrolments/${id}`)).status).toBe(404);
    expect((await other.admin.post(`/v1/enrolments/${id}/end`, {})).status).toBe(404);
    expect((await other.admin.get<{ data: unknown[] }>('/v1/enrolments')).body.data).toEqual([]);
  });
});

describe('a step that comes due on hold', () => {
  interface Attempt {
    decision: string;
    wasDeferred: boolean;
    reasons: unknown[];
    decidedAt: string;
    sentence: string;
  }

  const attemptOf = async (invoice: string): Promise<Attempt | undefined> =>
    (await world.admin.get<{ data: Attempt[] }>(`/v1/attempts?invoice=ext:${invoice}`)).body.data[0];

  /** An invoice whose first step came due while it was on hold. */
  const keptBack = async (invoice: string) => {
    await world.setClock('2013-01-20T09:00:00Z');
    const invoiceId = await world.invoice(invoice);
    const enrolmentId = await world.enrol(invoice, 'standard');
    const hold = { invoiceExternalId: invoice, kind: 'dispute' };
    const { body } = await world.admin.post<{ id: string }>('/v1/holds', hold);
    await world.setClock('2013-01-26T09:00:00Z');
    await world.execute(invoiceId);
    await world.execute(invoiceId);
    return { invoiceId, enrolmentId, holdId: body.id };
  };

  it('is an attempt that says so, and the same attempt when it goes out', async () => {
    const { invoiceId, holdId } = await keptBack('D-1');
    expect(await attemptOf('D-1')).toMatchObject({
      decision: 'deferred',
      wasDeferred: true,
      reasons: [{ rule: 'hold', text: 'On hold: dispute.' }],
      decidedAt: '2013-01-26T09:00:00Z',
      sentence: 'Step "heads-up" is not sent yet. On hold: dispute.',
    });
    const timeline = await world.admin.get<{ data: { sentence: string }[] }>('/v1/invoices/ext:D-1/timeline');
    expect(timeline.body.data.map(({ sentence }) => sentence)).toContain(
      'Step "heads-up" is not sent yet. On hold: dispute.',
    );
    await world.admin.post(`/v1/holds/${holdId}/release`, {});
    await world.setClock('2013-01-26T10:00:00Z');
    await world.execute(invoiceId);
    expect(await attemptOf('D-1')).toMatchObject({ decision: 'sent', wasDeferred: true, reasons: [] });
  });

  it('is given up when somebody ends the enrolment', async () => {
    const { enrolmentId } = await keptBack('D-2');
    await world.admin.post(`/v1/enrolments/${enrolmentId}/end`, { reason: 'They called.' });
    expect(await attemptOf('D-2')).toMatchObject({
      decision: 'suppressed',
      wasDeferred: true,
      sentence: 'Step "heads-up" was not sent. Somebody ended the enrolment.',
    });
  });

  it('is on record from the enrolment on, for an invoice that is on hold already', async () => {
    await world.setClock('2013-01-26T11:00:00Z');
    await world.invoice('D-3');
    await world.admin.post('/v1/holds', { invoiceExternalId: 'D-3', kind: 'legal' });
    await world.enrol('D-3', 'standard');
    expect(await attemptOf('D-3')).toMatchObject({ decision: 'deferred', wasDeferred: true });
  });
});

describe('what happened', () => {
  interface Entry {
    at: string;
    kind: string;
    what: string;
    id: string;
    sentence: string;
  }
  let invoiceId: string;

  beforeAll(async () => {
    invoiceId = await world.invoice('T-1');
    await world.enrol('T-1', 'standard');
    await world.setClock('2013-01-26T09:00:00Z');
    await world.execute(invoiceId);
    await world.admin.post('/v1/payments', {
      externalId: 'P-1',
      customerExternalId: 'C-1',
      amount: '100.00',
      currency: 'EUR',
      allocations: [{ invoiceExternalId: 'T-1', amount: '100.00' }],
    });
  });

  it('is told in one order of time, each moment in a sentence', async () => {
    const { status, body } = await world.admin.get<{ data: Entry[]; next: null }>(
      '/v1/invoices/ext:T-1/timeline',
    );
    expect(status).toBe(200);
    expect(body.data.map(({ kind, what }) => `${kind} ${what}`)).toEqual(
      expect.arrayContaining(['invoice recorded', 'enrolment enrolled', 'attempt sent', 'payment applied']),
    );
    expect(body.data.filter(({ kind }) => kind === 'contact')).toEqual([]);
    expect(body.data.map(({ at }) => at)).toEqual(body.data.map(({ at }) => at).toSorted());
    const sentences = body.data.map(({ sentence }) => sentence);
    expect(sentences).toContain('Step "heads-up" went out by e-mail: the provider accepted it.');
    expect(sentences).toContain('Invoice T-1 of 558.90 EUR, due on 2013-01-29.');
    expect(sentences).toContain('100.00 EUR of payment P-1 were applied.');
    expect(body.next).toBeNull();
  });

  it('can be read page by page', async () => {
    const whole = await world.admin.get<{ data: Entry[] }>('/v1/invoices/ext:T-1/timeline');
    const walked: Entry[] = [];
    for (let after = ''; ;) {
      const page = await world.admin.get<{ data: Entry[]; next: string | null }>(
        `/v1/invoices/ext:T-1/timeline?limit=2${after}`,
      );
      walked.push(...page.body.data);
      if (page.body.next === null) break;
      after = `&after=${page.body.next}`;
    }
    expect(walked).toEqual(whole.body.data);
  });

  it('is in the ledger: the message with exactly what went out, and the decision', async () => {
    const contacts = await world.admin.get<{ data: { id: string }[] }>('/v1/contacts?invoice=ext:T-1');
    expect(contacts.body.data).toMatchObject([
      { medium: 'email', state: 'accepted', provider: 'outbox', invoiceExternalId: 'T-1' },
    ]);
    const contact = await world.admin.get(`/v1/contacts/${contacts.body.data[0]?.id}`);
    expect(contact.body).toMatchObject({
      snapshot: { to: { address: 'ap@bakery.example' }, subject: expect.stringContaining('T-1') as unknown },
    });
    const attempts = await world.admin.get<{ data: { id: string }[] }>(
      '/v1/attempts?invoice=ext:T-1&decision=sent&state=sent',
    );
    expect(attempts.body.data).toMatchObject([
      {
        decision: 'sent',
        state: 'sent',
        retryAt: null,
        stepKey: 'heads-up',
        sentence: 'Step "heads-up" went out by e-mail: the provider accepted it.',
      },
    ]);
    expect((await world.admin.get(`/v1/attempts/${attempts.body.data[0]?.id}`)).status).toBe(200);
    expect((await world.admin.get(`/v1/attempts/${randomUUID()}`)).status).toBe(404);
    expect((await world.admin.get('/v1/attempts/x')).status).toBe(404);
  });

  it('is not told to another organisation', async () => {
    const other = await world.api.organisation();
    expect((await other.admin.get(`/v1/invoices/${invoiceId}/timeline`)).status).toBe(404);
    expect((await other.admin.get<{ data: unknown[] }>('/v1/contacts')).body.data).toEqual([]);
    expect((await world.admin.get('/v1/invoices/ext:nowhere/timeline')).status).toBe(404);
  });
});

describe('the clock', () => {
  it('of a test organisation is read and advanced, forward only', async () => {
    const { admin } = await world.api.organisation({ clockNow: '2013-01-01T00:00:00Z' });
    expect((await admin.get('/v1/clock')).body).toEqual({ kind: 'test', now: '2013-01-01T00:00:00Z' });
    const advanced = await admin.post('/v1/clock', { to: '2013-01-05T00:00:00Z' });
    expect(advanced).toMatchObject({ status: 200, body: { now: '2013-01-05T00:00:00Z', reached: true } });
    expect((await admin.get('/v1/clock')).body).toMatchObject({ now: '2013-01-05T00:00:00Z' });
    expect((await admin.post('/v1/clock', { to: '2013-01-04T00:00:00Z' })).status).toBe(409);
    expect((await admin.post('/v1/clock', { to: 'tomorrow' })).status).toBe(400);
  });

  it('is advanced once for each Idempotency-Key: a late repetition is answered as the first time', async () => {
    const { admin } = await world.api.organisation({ clockNow: '2013-01-01T00:00:00Z' });
    const key = { 'Idempotency-Key': randomUUID() };
    const first = await admin.post('/v1/clock', { to: '2013-01-02T00:00:00Z' }, key);
    await admin.post('/v1/clock', { to: '2013-01-03T00:00:00Z' });
    const again = await admin.post('/v1/clock', { to: '2013-01-02T00:00:00Z' }, key);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await admin.post('/v1/clock', { to: '2013-01-04T00:00:00Z' }, key);
    expect(other).toMatchObject({ status: 422, body: { type: 'urn:kindly:problem:idempotency-key-reused' } });
    expect((await admin.get('/v1/clock')).body).toMatchObject({ now: '2013-01-03T00:00:00Z' });
  });

  it('of a live organisation is real time', async () => {
    const { admin } = await world.api.organisation({ kind: 'live', clockNow: undefined });
    expect((await admin.get<{ kind: string }>('/v1/clock')).body.kind).toBe('live');
    expect((await admin.post('/v1/clock', { to: '2030-01-05T00:00:00Z' })).status).toBe(409);
  });
});
