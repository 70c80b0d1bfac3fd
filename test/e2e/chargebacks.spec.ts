import { openWorld, type World } from './campaigns-world.js';

interface Task {
  id: string;
  kind: string;
  state: string;
  brief: Record<string, unknown>;
}
interface Hold {
  kind: string;
  state: string;
  reason: string | null;
  expiresAt: string | null;
}

const LADDER = `kindly: 1
policy: none
name: Two
whenExhausted: hand_over
steps:
  - key: first
    at: { anchor: due_date, offset: P1D, time: "10:00" }
    send: [email]
    template: overdue
  - key: second
    at: { anchor: due_date, offset: P10D, time: "10:00" }
    send: [email]
    template: second-notice
`;

let world: World;
let count = 0;
let external: string;
let invoiceId: string;

beforeAll(async () => {
  world = await openWorld();
  await world.publishCampaign('two', LADDER);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.setClock('2013-01-20T09:00:00Z');
  external = `B-${(count += 1)}`;
  invoiceId = await world.invoice(external);
  await world.enrol(external, 'two');
});

const at = async (moment: string): Promise<void> => {
  await world.setClock(moment);
  await world.execute(invoiceId);
};
const pay = () =>
  world.admin.post('/v1/payments', {
    ...{ externalId: `P-${external}`, customerExternalId: 'C-1', invoiceExternalId: external },
    ...{ amount: '558.90', currency: 'EUR', paidOn: '2013-02-01' },
  });
const reverse = (kind?: string) =>
  world.admin.post<{ reversalKind: string; errors: { path: string }[] }>(
    `/v1/payments/ext:P-${external}/reverse`,
    {
      reason: 'by the bank',
      ...(kind && { kind }),
    },
  );
const tasks = async (): Promise<Task[]> =>
  (await world.admin.get<{ data: Task[] }>(`/v1/tasks?invoice=ext:${external}`)).body.data;
const holds = async (): Promise<Hold[]> =>
  (await world.admin.get<{ data: Hold[] }>(`/v1/holds?invoice=ext:${external}`)).body.data;
const sent = async (): Promise<string[]> => {
  const { data } = (await world.admin.get<{ data: { id: string }[] }>(`/v1/contacts?invoice=ext:${external}`))
    .body;
  const read = async ({ id }: { id: string }) =>
    (await world.admin.get<{ decidedAt: string; snapshot: { text: string } }>(`/v1/contacts/${id}`)).body;
  const all = await Promise.all(data.map(read));
  return all.sort((a, b) => (a.decidedAt < b.decidedAt ? -1 : 1)).map(({ snapshot }) => snapshot.text);
};

describe('a payment that comes back', () => {
  beforeEach(async () => {
    await at('2013-01-30T10:00:00Z');
    await world.setClock('2013-02-01T10:00:00Z');
    await pay();
    await world.setClock('2013-02-05T10:00:00Z');
  });

  it('charged back: somebody asks why, nothing is sent until then, and the next message says so, once', async () => {
    expect((await reverse('chargeback')).body).toMatchObject({ reversalKind: 'chargeback' });
    const [task] = await tasks();
    expect(task).toMatchObject({
      kind: 'chargeback',
      state: 'open',
      brief: { payment: `P-${external}`, amount: '558.90', invoices: [external], reason: 'by the bank' },
    });
    expect(await holds()).toMatchObject([
      { kind: 'manual', reason: 'a payment was charged back', expiresAt: '2013-02-11T23:00:00Z' },
    ]);
    await at('2013-02-08T10:00:00Z');
    expect(await sent()).toHaveLength(1);
    expect((await world.admin.post(`/v1/tasks/${task?.id}/outcome`, { outcome: 'no_answer' })).status).toBe(
      422,
    );
    await world.admin.post(`/v1/tasks/${task?.id}/outcome`, {
      outcome: 'reached',
      note: 'A mistake of their bank.',
    });
    await world.execute(invoiceId);
    expect((await sent()).at(-1)).toContain(
      'Your payment of €558.90 of 1 February 2013 came back to us from the bank, so that amount is open again.',
    );
    expect(await sent()).toHaveLength(2);
  });

  it('charged back, and disputed: the dispute holds it', async () => {
    await reverse('chargeback');
    const [task] = await tasks();
    await world.admin.post(`/v1/tasks/${task?.id}/outcome`, {
      outcome: 'dispute',
      reason: 'never delivered',
    });
    await at('2013-02-20T10:00:00Z');
    expect(await sent()).toHaveLength(1);
  });

  it('charged back, and nobody asks: it goes on after a week', async () => {
    await reverse('chargeback');
    await at('2013-02-12T09:30:00Z');
    expect(await sent()).toHaveLength(2);
  });

  it.each([
    ['bounced', true],
    ['mistake', false],
    [undefined, false],
  ] as const)('%s: nobody has to ask, and the next message says so: %s', async (kind, says) => {
    await reverse(kind);
    expect(await tasks()).toEqual([]);
    await at('2013-02-08T10:00:00Z');
    const texts = await sent();
    expect(texts).toHaveLength(2);
    expect(texts.at(-1)?.includes('came back to us')).toBe(says);
  });

  it('is taken back for a reason that there is', async () => {
    expect((await reverse('whim')).body.errors).toMatchObject([{ path: 'kind' }]);
  });
});

describe('a ladder that ends with a hand-over', () => {
  it('asks somebody, and when it was done nothing is sent any more', async () => {
    await at('2013-01-30T10:00:00Z');
    await at('2013-02-08T10:00:00Z');
    await at('2013-02-15T10:00:00Z');
    const [task] = await tasks();
    expect(task).toMatchObject({ kind: 'hand_over', state: 'open' });
    const done = await world.admin.post<Task>(`/v1/tasks/${task?.id}/outcome`, { outcome: 'handed_over' });
    expect(done).toMatchObject({ status: 200, body: { outcome: 'handed_over' } });
    expect(await holds()).toMatchObject([{ kind: 'legal', reason: 'handed over', expiresAt: null }]);
  });
});
