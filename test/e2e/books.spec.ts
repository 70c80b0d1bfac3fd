import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as schemas from '#contracts/schemas/index.js';
import { startTestApi } from '#test/support/api.js';
import type { Answer, Client, TestApi } from '#test/support/api.js';
import { creditorBody, customerBody, invoiceBody, loadInvoice, paymentBody } from '#test/support/api-data.js';

let api: TestApi;
let client: Client;

beforeAll(async () => {
  api = await startTestApi();
});
beforeEach(async () => {
  ({ admin: client } = await api.organisation({ clockNow: '2026-02-10T12:00:00Z' }));
  await loadInvoice(client);
});
afterAll(() => api.close());

const invoice = async (reference = 'ext:INV-1'): Promise<schemas.InvoiceResource> =>
  schemas.invoiceResource.parse((await client.get(`/v1/invoices/${reference}`)).body);

const pay = (overrides: object): Promise<Answer<schemas.PaymentResource & { result: string }>> =>
  client.post('/v1/payments', paymentBody(overrides));

describe('customers', () => {
  it('are created, changed and left alone by their external id', async () => {
    const body = customerBody({ externalId: 'C-2', email: 'ann@example.com', zone: 'Asia/Tokyo' });
    const results = [];
    for (const sent of [body, body, { ...body, name: 'Renamed' }]) {
      results.push((await client.post<{ result: string }>('/v1/customers', sent)).body.result);
    }
    expect(results).toEqual(['created', 'unchanged', 'updated']);
    const read = schemas.customerResource.parse((await client.get('/v1/customers/ext:C-2')).body);
    expect(read).toMatchObject({ name: 'Renamed', zone: 'Asia/Tokyo', zoneSource: 'given' });
    expect(read.people[0]?.points).toMatchObject([
      { kind: 'email', value: 'ann@example.com', status: 'active' },
    ]);
  });

  it('are put at their own address', async () => {
    const put = await client.put<{ id: string }>('/v1/customers/ext:C-3', {
      externalId: 'C-3',
      name: 'Three',
    });
    expect(put).toMatchObject({ status: 200, body: { result: 'created' } });
    const again = await client.put(`/v1/customers/${put.body.id}`, { externalId: 'C-3', name: 'III' });
    expect(again).toMatchObject({ status: 200, body: { id: put.body.id, name: 'III', result: 'updated' } });
  });

  it('are found by a part of their name, whatever characters it has', async () => {
    await client.post('/v1/customers', customerBody({ externalId: 'P', name: '100%_Ltd' }));
    const names = async (search: string): Promise<string[]> =>
      (await client.get<{ data: { name: string }[] }>(`/v1/customers?search=${search}`)).body.data.map(
        ({ name }) => name,
      );
    expect(await names('0%25_l')).toEqual(['100%_Ltd']);
    expect(await names('%25')).toEqual(['100%_Ltd']);
    expect(await names('sample')).toEqual(['Sample Ltd']);
  });

  it('come in batches, of which each is taken or refused by itself', async () => {
    const customers = [
      customerBody({ externalId: 'B-1' }),
      customerBody({ externalId: 'B-2', parentExternalId: 'NONE' }),
    ];
    const { status, body } = await client.post('/v1/customers/batch', { customers });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      refused: 1,
      results: [
        { externalId: 'B-1', result: 'created' },
        { externalId: 'B-2', result: 'refused', reason: 'unknown_parent', field: 'parentExternalId' },
      ],
    });
  });
});

describe('creditors', () => {
  it('are created and read', async () => {
    const { body } = await client.post<{ id: string }>(
      '/v1/creditors',
      creditorBody({ externalId: 'SECOND' }),
    );
    const read = schemas.creditorResource.parse((await client.get(`/v1/creditors/${body.id}`)).body);
    expect(read).toMatchObject({ externalId: 'SECOND', name: 'Acme GmbH', party: 'first' });
  });
});

describe('invoices', () => {
  it('are read with their parts and balance', async () => {
    const parts = [
      { amount: '30.00', dueOn: '2026-01-31' },
      { amount: '70.00', milestone: 'delivery' },
    ];
    await client.post('/v1/invoices', invoiceBody({ externalId: 'INV-2', parts }));
    expect(await invoice('ext:INV-2')).toMatchObject({
      balance: { total: '100.00', paid: '0.00', pending: '0.00', open: '100.00' },
      parts: [
        { sequence: 1, amount: '30.00', dueOn: '2026-01-31', milestone: null },
        { sequence: 2, amount: '70.00', dueOn: null, milestone: 'delivery' },
      ],
    });
  });

  it("are overdue when their due date is over in the customer's zone", async () => {
    await client.post(
      '/v1/customers',
      customerBody({ externalId: 'KIRITIMATI', zone: 'Pacific/Kiritimati' }),
    );
    const today = { dueOn: '2026-02-10' };
    await client.post('/v1/invoices', invoiceBody({ ...today, externalId: 'HERE' }));
    await client.post(
      '/v1/invoices',
      invoiceBody({ ...today, externalId: 'THERE', customerExternalId: 'KIRITIMATI' }),
    );
    const ids = async (overdue: boolean): Promise<string[]> => {
      const { body } = await client.get<{ data: { externalId: string }[] }>(
        `/v1/invoices?overdue=${String(overdue)}`,
      );
      return body.data.map(({ externalId }) => externalId);
    };
    // It is 02:00 of the eleventh on Kiritimati.
    expect(await ids(true)).toEqual(['INV-1', 'THERE']);
    expect(await ids(false)).toEqual(['HERE']);
  });

  it('are cancelled, written off and reinstated', async () => {
    const results = [];
    for (const action of ['write-off', 'reinstate', 'cancel']) {
      results.push(
        (await client.post<{ status: string }>(`/v1/invoices/ext:INV-1/${action}`, { reason: 'r' })).body
          .status,
      );
    }
    expect(results).toEqual(['written_off', 'open', 'cancelled']);
  });

  it('carry a PDF, which replaces the one before', async () => {
    const upload = (text: string, query = ''): Promise<Answer<{ filename: string; sha256: string }>> =>
      client.send('PUT', `/v1/invoices/ext:INV-1/document${query}`, {
        body: Buffer.from(`%PDF-1.7\n${text}`),
        headers: { 'content-type': 'application/pdf' },
      });
    expect((await client.get('/v1/invoices/ext:INV-1/document')).status).toBe(404);
    const first = await upload('one');
    expect(first).toMatchObject({ status: 200, body: { filename: 'INV-1.pdf' } });
    expect((await upload('one')).body).toEqual(first.body);
    await upload('two', '?filename=Rechnung%20%C3%BC.pdf');
    const read = await client.get('/v1/invoices/ext:INV-1/document');
    expect(read).toMatchObject({ status: 200, body: '%PDF-1.7\ntwo' });
    expect(read.headers.get('content-type')).toBe('application/pdf');
    expect(read.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''Rechnung%20%C3%BC.pdf",
    );
  });

  it.each([
    ['application/pdf', 'no pdf', 422],
    ['image/png', 'png', 415],
    ['application/pdf', `%PDF-${'x'.repeat(10_000_001)}`, 413],
  ])('refuse a document that is none (%s)', async (type, body, expected) => {
    const sent = { body, headers: { 'content-type': type } };
    expect((await client.send('PUT', '/v1/invoices/ext:INV-1/document', sent)).status).toBe(expected);
  });
});

describe('payments', () => {
  it('settle an invoice in parts, and a reversal opens it again', async () => {
    const first = await pay({ externalId: 'P-1', amount: '40.00', invoiceExternalId: 'INV-1' });
    schemas.paymentResource.parse(first.body);
    expect(first).toMatchObject({
      status: 200,
      body: { result: 'created', unallocated: '0.00', status: 'posted' },
    });
    expect((await invoice()).balance).toMatchObject({ paid: '40.00', open: '60.00' });
    await pay({ externalId: 'P-2', amount: '60.00', invoiceExternalId: 'INV-1' });
    expect(await invoice()).toMatchObject({ status: 'settled', balance: { open: '0.00' } });
    const reversed = await client.post('/v1/payments/ext:P-1/reverse', { reason: 'charged back' });
    expect(reversed).toMatchObject({
      status: 200,
      body: { status: 'reversed', reversalReason: 'charged back', unallocated: '0.00' },
    });
    expect(await invoice()).toMatchObject({ status: 'open', balance: { paid: '60.00', open: '40.00' } });
  });

  it('are announced first, and count when posted', async () => {
    await pay({ externalId: 'P-1', amount: '100.00', invoiceExternalId: 'INV-1', status: 'pending' });
    expect(await invoice()).toMatchObject({ status: 'open', balance: { pending: '100.00', open: '100.00' } });
    const posted = await pay({ externalId: 'P-1', amount: '100.00', invoiceExternalId: 'INV-1' });
    expect(posted.body.result).toBe('updated');
    expect((await invoice()).status).toBe('settled');
  });

  it('belong to the customer until they are allocated, and after an allocation is taken back', async () => {
    await pay({ externalId: 'P-1', amount: '40.00' });
    const shares = { allocations: [{ invoiceExternalId: 'INV-1', amount: '25.00' }] };
    const allocated = await client.post('/v1/payments/ext:P-1/allocate', shares);
    expect(allocated).toMatchObject({ status: 200, body: { unallocated: '15.00' } });
    const { body } = await client.get<{ data: { id: string }[] }>('/v1/allocations?invoice=ext:INV-1');
    const reversed = await client.post(`/v1/allocations/${body.data[0]?.id ?? ''}/reverse`, {
      reason: 'wrong invoice',
    });
    expect(reversed).toMatchObject({
      status: 200,
      body: { amount: '25.00', reversedAt: expect.any(String) },
    });
    expect((await client.get('/v1/payments/ext:P-1')).body).toMatchObject({ unallocated: '40.00' });
    expect((await invoice()).balance.open).toBe('100.00');
  });

  it('are spread over what is open, the oldest first, or kept as credit', async () => {
    await pay({ externalId: 'P-1', amount: '140.00' });
    expect(await client.post('/v1/payments/ext:P-1/allocate', {})).toMatchObject({ status: 400 });
    const { data } = (await client.get<{ data: object[] }>('/v1/tasks?kind=allocate&state=open')).body;
    expect(data).toMatchObject([{ brief: { unallocated: [{ externalId: 'P-1', amount: '140.00' }] } }]);
    const spread = await client.post('/v1/payments/ext:P-1/allocate', { oldestFirst: true });
    expect(spread).toMatchObject({ status: 200, body: { unallocated: '40.00', keptAsCredit: false } });
    expect((await invoice()).status).toBe('settled');
    const kept = await client.post('/v1/payments/ext:P-1/keep-as-credit', { reason: 'asked by them' });
    expect(kept).toMatchObject({ status: 200, body: { keptAsCredit: true, result: 'updated' } });
    const undone = await client.post('/v1/payments/ext:P-1/keep-as-credit', { keep: false });
    expect(undone).toMatchObject({ body: { keptAsCredit: false } });
    expect((await client.post('/v1/payments/ext:P-1/allocate', { oldestFirst: true })).status).toBe(409);
  });

  it('are refused where they are more than is owed, with nothing stored', async () => {
    await pay({ externalId: 'P-1', amount: '40.00' });
    const shares = { allocations: [{ invoiceExternalId: 'INV-1', amount: '40.01' }] };
    expect((await client.post('/v1/payments/ext:P-1/allocate', shares)).status).toBe(409);
    expect((await invoice()).balance.paid).toBe('0.00');
  });
});

describe('other facts', () => {
  it('credit notes lower what is owed', async () => {
    const note = {
      externalId: 'CN-1',
      customerExternalId: 'C-1',
      amount: '10.00',
      currency: 'EUR',
      allocations: [{ invoiceExternalId: 'INV-1', amount: '10.00' }],
    };
    schemas.creditNoteResource.parse((await client.post('/v1/credit-notes', note)).body);
    expect((await invoice()).balance.open).toBe('90.00');
  });

  it('holds need what goes with their kind', async () => {
    const refusedWith = async (hold: object): Promise<unknown> => {
      const { status, body } = await client.post<{ errors: object[] }>('/v1/holds', hold);
      expect(status).toBe(400);
      return body.errors[0];
    };
    expect(await refusedWith({ customerExternalId: 'C-1', kind: 'deceased' })).toEqual({
      path: 'evidence',
      message: 'is missing; write the text or the document that shows it, with who said so and how',
    });
    const evidence = { who: 'their solicitor', how: 'letter', document: 'gazette 4711' };
    expect(await refusedWith({ invoiceExternalId: 'INV-1', kind: 'bankruptcy', evidence })).toMatchObject({
      path: 'invoiceExternalId',
    });
    const manual = { invoiceExternalId: 'INV-1', kind: 'manual', amount: '1.00' };
    expect(await refusedWith(manual)).toMatchObject({ path: 'amount' });
    const placed = await client.post('/v1/holds', { customerExternalId: 'C-1', kind: 'deceased', evidence });
    expect(placed).toMatchObject({ status: 201, body: { stopsFees: true, expiresAt: null, resume: null } });
    const part = { invoiceExternalId: 'INV-1', kind: 'dispute', amount: '12.50' };
    expect(await client.post('/v1/holds', { ...part, resume: { rule: 'next_step' } })).toMatchObject({
      status: 201,
      body: { amount: '12.50', resume: { rule: 'next_step' } },
    });
    expect((await client.post('/v1/holds', { ...part, amount: '999.00' })).status).toBe(409);
  });

  it('holds are active until they are released or expire', async () => {
    const placed = await client.post<{ id: string }>('/v1/holds', {
      customerExternalId: 'C-1',
      kind: 'hardship',
    });
    expect(placed).toMatchObject({ status: 201, body: { state: 'active', invoiceExternalId: null } });
    const released = await client.post(`/v1/holds/${placed.body.id}/release`, { reason: 'better' });
    expect(released.body).toMatchObject({ state: 'released', releasedAt: '2026-02-10T12:00:00Z' });
    const list = await client.get<{ data: unknown[] }>('/v1/holds?customer=ext:C-1&state=active');
    expect(list.body.data).toEqual([]);
  });

  it('suppressions hold for an address until they are lifted', async () => {
    const input = { kind: 'email', value: 'Ann@Example.com', reason: 'opted out' };
    const first = await client.post<{ id: string }>('/v1/suppressions', input);
    schemas.suppressionResource.parse(first.body);
    expect((await client.post('/v1/suppressions', input)).body).toMatchObject({
      id: first.body.id,
      result: 'unchanged',
    });
    await client.post(`/v1/suppressions/${first.body.id}/lift`, {});
    expect((await client.get<{ data: unknown[] }>('/v1/suppressions?active=true')).body.data).toEqual([]);
  });

  it('suppressions of a medium and a purpose say so, and a medium has to fit the address', async () => {
    const input = {
      kind: 'phone',
      value: '+447700900123',
      reason: 'STOP',
      medium: 'sms',
      purpose: 'reminder',
    };
    const { body } = await client.post('/v1/suppressions', input);
    expect(schemas.suppressionResource.parse(body)).toMatchObject({ medium: 'sms', purpose: 'reminder' });
    const wrong = await client.post('/v1/suppressions', { ...input, medium: 'email' });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ path: 'medium' }] } });
  });

  it('events of an invoice are listed', async () => {
    const event = { invoiceExternalId: 'INV-1', kind: 'payment_failed', evidence: { code: 'AC04' } };
    schemas.invoiceEventResource.parse((await client.post('/v1/events', event)).body);
    const { body } = await client.get<{ data: unknown[] }>('/v1/events?invoice=ext:INV-1');
    expect(body.data).toMatchObject([event]);
  });
});

describe('how fresh the books are', () => {
  interface Books {
    isStale: boolean;
    sources: { source: string; completeThrough: string }[];
  }
  const organisationView = async () =>
    (await client.get<{ booksMayLag: string | null; booksAreStale: boolean }>('/v1/organisations/current'))
      .body;

  it('is told by source, looked at where the organisation says so, and shown', async () => {
    const { body: organisation } = await client.get<{ clockNow: string }>('/v1/organisations/current');
    const now = Date.parse(organisation.clockNow);
    const ago = (days: number): string => new Date(now - days * 86_400_000).toISOString();
    expect(await organisationView()).toMatchObject({ booksMayLag: null, booksAreStale: false });
    await client.patch('/v1/organisations/current', { booksMayLag: 'P2D' });
    expect(await organisationView()).toMatchObject({ booksMayLag: 'P2D', booksAreStale: true });
    const put = await client.put<Books>('/v1/source-syncs/bank', { completeThrough: ago(1) });
    expect(put).toMatchObject({ status: 200, body: { isStale: false, sources: [{ source: 'bank' }] } });
    expect(await organisationView()).toMatchObject({ booksAreStale: false });
    const ahead = await client.put('/v1/source-syncs/bank', { completeThrough: ago(-1) });
    expect(ahead.status).toBe(422);
    expect((await client.send('DELETE', '/v1/source-syncs/shop')).status).toBe(404);
    expect(await client.send('DELETE', '/v1/source-syncs/bank')).toMatchObject({ body: { sources: [] } });
    expect((await client.patch('/v1/organisations/current', { booksMayLag: 'P90D' })).status).toBe(400);
    await client.patch('/v1/organisations/current', { booksMayLag: null });
    expect(await organisationView()).toMatchObject({ booksMayLag: null, booksAreStale: false });
  });
});
