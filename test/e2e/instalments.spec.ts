import { openWorld, type World } from './campaigns-world.js';

interface Plan {
  state: string;
  parts: { number: number; dueOn: string; open: string; state: string }[];
  paid: string;
  remaining: string;
  endsAt: string | null;
}

const LADDER = `kindly: 1
policy: none
name: Staged
whenExhausted: nothing
steps:
  - key: overdue
    at: { anchor: due_date, offset: P1D, time: "10:00" }
    send: [email]
    template: overdue
  - key: coming
    at: { anchor: instalment_date, offset: -P3D, time: "10:00" }
    send: [email]
    template: heads-up
  - key: last
    at: { anchor: due_date, offset: P60D, time: "10:00" }
    send: [email]
    template: second-notice
`;

const evidence = { who: 'Ann', how: 'by telephone' };
const PARTS = [
  { dueOn: '2013-03-01', amount: '200.00' },
  { dueOn: '2013-04-01', amount: '358.90' },
];

let world: World;
let count = 0;
let external: string;
let invoiceId: string;

beforeAll(async () => {
  world = await openWorld();
  await world.publishCampaign('staged', LADDER);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.setClock('2013-01-20T09:00:00Z');
  external = `P-${(count += 1)}`;
});

const path = () => `/v1/invoices/ext:${external}/instalment-plan`;
const agree = (more: object = {}) => world.admin.post<Plan>(path(), { parts: PARTS, evidence, ...more });
const read = async () => (await world.admin.get<Plan>(path())).body;
const at = async (moment: string): Promise<void> => {
  await world.setClock(moment);
  await world.execute(invoiceId);
};
const texts = async (): Promise<string[]> =>
  (await world.admin.get<{ data: { id: string }[] }>(`/v1/contacts?invoice=ext:${external}`)).body.data.map(
    ({ id }) => id,
  );
const lastText = async (): Promise<string> => {
  const ids = await texts();
  const all = await Promise.all(
    ids.map(
      async (id) =>
        (await world.admin.get<{ decidedAt: string; snapshot: { text: string } }>(`/v1/contacts/${id}`)).body,
    ),
  );
  return all.sort((a, b) => (a.decidedAt < b.decidedAt ? -1 : 1)).at(-1)?.snapshot.text ?? '';
};

describe('a plan of instalments', () => {
  beforeEach(async () => {
    invoiceId = await world.invoice(external);
    await world.enrol(external, 'staged');
    await at('2013-01-30T10:00:00Z');
  });

  it('is reminded of one by one, and says what is done and what remains', async () => {
    expect(await agree()).toMatchObject({
      status: 201,
      body: { state: 'active', paid: '0.00', remaining: '558.90', endsAt: '2013-03-04T23:00:00Z' },
    });
    await at('2013-02-26T10:00:00Z');
    expect(await lastText()).toMatch(/It is instalment 1 of 2: €200\.00\. After it, €358\.90 remains\./);
    await at('2013-02-28T10:00:00Z');
    await world.admin.post('/v1/payments', {
      ...{ externalId: `${external}-1`, customerExternalId: 'C-1', invoiceExternalId: external },
      ...{ amount: '200.00', currency: 'EUR', paidOn: '2013-02-28' },
    });
    await at('2013-03-29T10:00:00Z');
    expect(await lastText()).toMatch(/It is instalment 2 of 2: €358\.90\. Paid so far: 1 of 2, thank you\./);
    expect(await read()).toMatchObject({
      state: 'active',
      parts: [{ state: 'paid' }, { state: 'open', open: '358.90' }],
    });
    await at('2013-03-31T10:00:00Z');
    await world.admin.post('/v1/payments', {
      ...{ externalId: `${external}-2`, customerExternalId: 'C-1', invoiceExternalId: external },
      ...{ amount: '358.90', currency: 'EUR', paidOn: '2013-03-31' },
    });
    expect(await read()).toMatchObject({ state: 'kept', endsAt: null });
    expect((await world.admin.get(`/v1/invoices/ext:${external}`)).body).toMatchObject({ status: 'settled' });
  });

  it('is broken by its rule when one is missed; the ladder goes on, and says so', async () => {
    await agree();
    await at('2013-02-26T10:00:00Z');
    await at('2013-03-05T10:00:00Z');
    expect(await read()).toMatchObject({ state: 'broken', parts: [{ state: 'missed' }, { state: 'open' }] });
    await at('2013-03-30T10:00:00Z');
    expect(await lastText()).toMatch(
      /We had agreed on instalments, and the one due 1 March 2013 has not reached us/,
    );
    const timeline = await world.admin.get<{ data: { sentence: string }[] }>(
      `/v1/invoices/ext:${external}/timeline`,
    );
    expect(timeline.body.data.map(({ sentence }) => sentence)).toContain(
      '2 instalments were agreed, the last by 2013-04-01.',
    );
  });

  it('counts no money twice that was announced before it was agreed on', async () => {
    const announced = {
      ...{ externalId: `${external}-a`, customerExternalId: 'C-1', invoiceExternalId: external },
      ...{ amount: '58.90', currency: 'EUR' },
    };
    await world.admin.post('/v1/payments', { ...announced, status: 'pending', paidOn: '2013-01-30' });
    const parts = [PARTS[0], { dueOn: '2013-04-01', amount: '300.00' }];
    expect(await agree({ parts })).toMatchObject({ status: 201, body: { remaining: '500.00' } });
    await at('2013-02-02T10:00:00Z');
    await world.admin.post('/v1/payments', { ...announced, status: 'posted', paidOn: '2013-02-01' });
    expect(await read()).toMatchObject({ paid: '0.00', remaining: '500.00' });
  });

  it('counts money that came before it was agreed on and was only recorded after', async () => {
    await agree();
    await world.admin.post('/v1/payments', {
      ...{ externalId: `${external}-b`, customerExternalId: 'C-1', invoiceExternalId: external },
      ...{ amount: '200.00', currency: 'EUR', paidOn: '2013-01-25' },
    });
    expect(await read()).toMatchObject({
      paid: '200.00',
      remaining: '358.90',
      parts: [{ state: 'paid' }, {}],
    });
  });

  it('can be cancelled, and agreed on anew', async () => {
    await agree();
    expect((await agree()).status).toBe(201);
    expect(await world.admin.send<Plan>('DELETE', path())).toMatchObject({
      status: 200,
      body: { state: 'cancelled', endsAt: null },
    });
    expect((await world.admin.send('DELETE', path())).status).toBe(409);
    await agree();
    await at('2013-03-05T10:00:00Z');
    expect((await read()).state).toBe('broken');
    expect((await world.admin.send('DELETE', path())).status).toBe(409);
  });

  it.each([
    [
      { parts: [PARTS[0], { dueOn: '2013-04-01', amount: '300.00' }] },
      422,
      'parts',
      'come to 500.00, and 558.90 EUR is open; make them add up to that',
    ],
    [
      { parts: [{ dueOn: '2013-01-01', amount: '200.00' }, PARTS[1]] },
      422,
      'parts[0].dueOn',
      'has passed; write today or a later day',
    ],
    [
      { parts: [PARTS[1], PARTS[0]] },
      400,
      'parts',
      'are not in the order of their dates, each on another day; put them in order',
    ],
    [{ parts: [PARTS[0]] }, 400, 'parts', 'are too few; write two or more, or record a promise'],
    [{ graceDays: 31 }, 400, 'graceDays', 'is too many; write 30 or fewer'],
    [{ evidence: { who: 'Ann' } }, 400, 'evidence.how', expect.any(String) as string],
  ] as const)('is refused: %j', async (more, status, where, message) => {
    const refused = await world.admin.post<{ errors: { path: string; message: string }[] }>(path(), {
      ...{ parts: PARTS, evidence },
      ...more,
    });
    expect(refused).toMatchObject({ status, body: { errors: [{ path: where, message }] } });
    expect((await world.admin.get(path())).status).toBe(404);
  });
});

describe('milestones', () => {
  const complete = (more: object) =>
    world.admin.post<{ errors: { path: string; message: string }[] }>('/v1/events', {
      invoiceExternalId: external,
      kind: 'milestone_completed',
      ...more,
    });
  const parts = async () =>
    (
      await world.admin.get<{ parts: { dueOn: string | null; completedAt: string | null }[] }>(
        `/v1/invoices/ext:${external}`,
      )
    ).body.parts;
  const invoice = {
    parts: [
      { amount: '200.00', milestone: 'Delivery', dueAfter: 'P14D' },
      { amount: '358.90', milestone: 'Acceptance' },
    ],
  };

  beforeEach(async () => {
    invoiceId = await world.invoice(external, invoice);
    await world.enrol(external, 'staged');
  });

  it('are not asked for before they are done; their name and their terms give them a date, once', async () => {
    await at('2013-02-01T10:00:00Z');
    expect(await texts()).toEqual([]);
    expect((await complete({ milestone: ' delivery ' })).body).toMatchObject({ result: 'created' });
    expect(await parts()).toMatchObject([{ dueOn: '2013-02-15' }, { dueOn: null }]);
    expect((await complete({ milestone: 'Delivery', dueOn: '2013-05-01' })).body).toMatchObject({
      result: 'unchanged',
    });
    await world.invoice(external, invoice);
    expect(await parts()).toMatchObject([{ dueOn: '2013-02-15' }, { dueOn: null, completedAt: null }]);
    await at('2013-02-12T10:00:00Z');
    expect(await lastText()).toMatch(
      /It is for "Delivery", part 1 of 2: €200\.00\. After it, €358\.90 remains\./,
    );
  });

  it('are not asked for by the date that was planned either', async () => {
    const planned = [{ ...invoice.parts[0], dueOn: '2013-02-01', dueAfter: undefined }, invoice.parts[1]];
    external = `${external}-planned`;
    invoiceId = await world.invoice(external, { parts: planned });
    await world.enrol(external, 'staged');
    await at('2013-02-10T10:00:00Z');
    expect(await texts()).toEqual([]);
  });

  it('take the terms of the invoice, or the date that is given', async () => {
    await world.setClock('2013-02-01T10:00:00Z');
    await complete({ sequence: 2 });
    // The invoice is due 27 days after its issue.
    expect(await parts()).toMatchObject([{ dueOn: null }, { dueOn: '2013-02-28' }]);
    await complete({ milestone: 'Delivery', dueOn: '2013-05-01' });
    expect(await parts()).toMatchObject([{ dueOn: '2013-05-01' }, {}]);
  });

  it.each([
    [
      { milestone: 'Payment' },
      404,
      'milestone',
      'is none of the milestones of the invoice; write one of 1 (Delivery), 2 (Acceptance)',
    ],
    [
      { sequence: 3 },
      404,
      'sequence',
      'is none of the milestones of the invoice; write one of 1 (Delivery), 2 (Acceptance)',
    ],
    [
      { sequence: 1, milestone: 'Delivery' },
      400,
      'milestone',
      'is missing, or stands beside sequence; write the name of the milestone, or the number of its part',
    ],
  ] as const)('are refused: %j', async (more, status, where, message) => {
    expect(await complete(more)).toMatchObject({ status, body: { errors: [{ path: where, message }] } });
  });
});
