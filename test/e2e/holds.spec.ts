import { holdResource, type HoldResource } from '#contracts/schemas/index.js';
import type { Answer } from '#test/support/api.js';
import { paymentBody } from '#test/support/api-data.js';
import { openWorld, type World } from './campaigns-world.js';

const LADDER = `kindly: 1
policy: none
name: Resumed
whenExhausted: nothing
steps:
  - key: soft
    at: { anchor: due_date, offset: P1D, time: "10:00" }
    send: [email]
    template: overdue
  - key: firm
    at: { anchor: due_date, offset: P7D, time: "10:00" }
    send: [email]
    template: overdue
  - key: final
    at: { anchor: due_date, offset: P14D, time: "10:00" }
    send: [email]
    template: overdue
`;

interface Attempt {
  stepKey: string;
  runNo: number;
  decision: string;
  reasons: { rule: string }[];
}
type Problem = { errors: { path: string; message: string }[] };

let world: World;
let count = 0;
let invoice: string;
let invoiceId: string;

beforeAll(async () => {
  world = await openWorld();
  await world.publishCampaign('resumed', LADDER);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.setClock('2013-01-20T09:00:00Z');
  invoice = `H-${(count += 1)}`;
  invoiceId = await world.invoice(invoice);
  await world.enrol(invoice, 'resumed');
});

const place = (hold: object): Promise<Answer<HoldResource & Problem>> =>
  world.admin.post('/v1/holds', { invoiceExternalId: invoice, kind: 'manual', ...hold });

const release = (id: string, body: object = {}): Promise<Answer<HoldResource & Problem>> =>
  world.admin.post(`/v1/holds/${id}/release`, body);

const attempts = async (): Promise<string[]> => {
  const { body } = await world.admin.get<{ data: Attempt[] }>(`/v1/attempts?invoice=ext:${invoice}`);
  const line = ({ runNo, stepKey, decision, reasons }: Attempt): string =>
    `${runNo} ${stepKey} ${reasons[0]?.rule ?? decision}`;
  return body.data.map(line).sort();
};

/** The clock goes to a day at noon where the customer is, and what is due is done. */
const on = async (date: string): Promise<void> => {
  await world.setClock(`${date}T11:00:00Z`);
  await world.execute(invoiceId);
};

describe('a hold over HTTP', () => {
  it('ends with the ladder from its beginning, as a run of its own that attempts and enrolment tell of', async () => {
    await on('2013-01-30');
    const { status, body } = await place({ resume: { rule: 'restart' } });
    expect(status).toBe(201);
    expect(holdResource.parse(body)).toMatchObject({ state: 'active', resume: { rule: 'restart' } });
    await on('2013-02-20');
    await release(body.id, { reason: 'sorted out' });
    await on('2013-02-20');
    expect(await attempts()).toEqual([
      '1 final passed_over',
      '1 firm passed_over',
      '1 soft sent',
      '2 soft sent',
    ]);
    const enrolments = await world.admin.get<{ data: { runNo: number }[] }>(
      `/v1/enrolments?invoice=ext:${invoice}`,
    );
    expect(enrolments.body.data).toMatchObject([{ runNo: 2 }]);
  });

  it('goes on where its release says, whatever it said itself', async () => {
    await on('2013-01-30');
    const { body } = await place({ resume: { rule: 'restart' } });
    await on('2013-02-03');
    await release(body.id, { resume: { rule: 'step', step: 'final' } });
    await on('2013-02-15');
    expect(await attempts()).toEqual(['1 final sent', '1 firm passed_over', '1 soft sent']);
  });

  it.each([
    ['an end that has passed', { expiresAt: '2013-01-20T09:00:00Z' }, 422, 'expiresAt'],
    ['a step that is none', { resume: { rule: 'step', step: 'gone' } }, 422, 'resume.step'],
    ['a rule that is none', { resume: { rule: 'twice' } }, 400, 'resume.rule'],
    ['a part above what is owed', { kind: 'dispute', amount: '9999.00' }, 409, 'amount'],
    ['a part of nothing', { kind: 'dispute', amount: '0.00' }, 400, 'amount'],
    ['hardship of one invoice', { kind: 'hardship' }, 400, 'invoiceExternalId'],
    ['an invoice that is not there', { invoiceExternalId: 'gone' }, 404, 'invoiceExternalId'],
  ])('is refused, saying where: %s', async (_what, hold, expected, path) => {
    const { status, body } = await place(hold);
    expect({ status, path: body.errors[0]?.path }).toEqual({ status: expected, path });
  });

  it.each(['bankruptcy', 'deceased', 'breathing_space'] as const)(
    'of kind %s needs a text or a document that shows it, and keeps who said so and how',
    async (kind) => {
      const hold = { kind, customerExternalId: 'C-1', invoiceExternalId: undefined };
      for (const evidence of [undefined, {}, { who: 'their solicitor', how: 'telephone' }])
        expect(await place({ ...hold, evidence })).toMatchObject({
          status: 400,
          body: { errors: [{ path: 'evidence' }] },
        });
      const evidence = { who: 'their solicitor', how: 'letter', document: 'Gazette 4711', page: 3 };
      const said = { evidence, effectiveAt: '2013-01-19T10:00:00Z' };
      const { status, body } = await place({ ...hold, ...said });
      expect({ status, body }).toMatchObject({ status: 201, body: { ...said, stopsFees: true } });
      await release(body.id);
    },
  );

  it('is refused on an invoice that is settled', async () => {
    const customerExternalId = 'C-1';
    const { body } = await world.admin.get<{ balance: { open: string } }>(`/v1/invoices/ext:${invoice}`);
    const payment = { customerExternalId, invoiceExternalId: invoice, amount: body.balance.open };
    await world.admin.post('/v1/payments', paymentBody(payment));
    expect(await place({})).toMatchObject({ status: 409, body: { errors: [{ path: 'invoiceExternalId' }] } });
  });

  it('is seen by viewers, and placed and released by agents only', async () => {
    const [agent, viewer] = [await world.organisation.as('agent'), await world.organisation.as('viewer')];
    const hold = { invoiceExternalId: invoice, kind: 'legal' };
    const placed = await agent.post<HoldResource>('/v1/holds', hold);
    expect(placed.status).toBe(201);
    expect((await viewer.get(`/v1/holds/${placed.body.id}`)).status).toBe(200);
    expect((await viewer.post('/v1/holds', hold)).status).toBe(403);
    expect((await viewer.post(`/v1/holds/${placed.body.id}/release`, {})).status).toBe(403);
    expect(await agent.post(`/v1/holds/${placed.body.id}/release`, {})).toMatchObject({
      status: 200,
      body: { state: 'released' },
    });
  });
});

describe('a dispute about a part', () => {
  it('has the rest asked for; about all of it, the invoice waits, and the others of the customer go on', async () => {
    const other = `H-${(count += 1)}`;
    const otherId = await world.invoice(other);
    await world.enrol(other, 'resumed');
    await place({ kind: 'dispute', amount: '58.90', reason: 'one item was missing' });
    await on('2013-01-30');
    const contacts = async (external: string): Promise<string[]> => {
      const { body } = await world.admin.get<{ data: { id: string }[] }>(
        `/v1/contacts?invoice=ext:${external}`,
      );
      return Promise.all(
        body.data.map(async (each) =>
          JSON.stringify((await world.admin.get(`/v1/contacts/${each.id}`)).body),
        ),
      );
    };
    const [message = ''] = await contacts(invoice);
    expect(message).toContain('500.00');
    await place({ kind: 'dispute', reason: 'all of it' });
    await on('2013-02-15');
    await world.execute(otherId);
    expect(await contacts(invoice)).toHaveLength(1);
    expect((await contacts(other)).length).toBeGreaterThan(0);
  });
});
