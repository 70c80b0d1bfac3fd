import { openWorld, type World } from './campaigns-world.js';

interface Task {
  id: string;
  kind: string;
  state: string;
  outcome: string | null;
  waitUntil: string;
  brief: Record<string, unknown>;
}

const LADDER = `kindly: 1
policy: none
name: Careful
whenExhausted: nothing
steps:
  - key: overdue
    at: { anchor: due_date, offset: P1D, time: "10:00" }
    send: [email]
    template: overdue
`;

let world: World;
let count = 0;

beforeAll(async () => {
  world = await openWorld();
  await world.publishCampaign('careful', LADDER);
  await world.admin.post('/v1/customers', {
    externalId: 'C-VIP',
    name: 'Royal Bakery',
    zone: 'Europe/Madrid',
    email: 'ap@royal.example',
    vip: true,
  });
});
afterAll(() => world.close());

/** The question about a message that has come due. */
const asked = async (): Promise<{ task: Task; invoiceId: string; external: string }> => {
  await world.setClock('2013-01-20T09:00:00Z');
  const external = `V-${(count += 1)}`;
  const invoiceId = await world.invoice(external, { customerExternalId: 'C-VIP' });
  await world.enrol(external, 'careful');
  await world.setClock('2013-01-30T09:00:00Z');
  await world.execute(invoiceId);
  const { body } = await world.admin.get<{ data: Task[] }>(`/v1/tasks?invoice=ext:${external}`);
  const [task] = body.data;
  if (!task) throw new Error('nobody is asked');
  return { task, invoiceId, external };
};

const attempts = async (external: string) =>
  (
    await world.admin.get<{ data: { decision: string; sentence: string; reasons: { rule: string }[] }[] }>(
      `/v1/attempts?invoice=ext:${external}`,
    )
  ).body.data;

describe('messages to customers marked as vip', () => {
  it('wait for a manager, who sees what would go out, and go out when approved', async () => {
    const { task, invoiceId, external } = await asked();
    expect(task).toMatchObject({
      kind: 'approval',
      state: 'open',
      waitUntil: '2013-02-06T09:00:00Z',
      brief: { customer: 'Royal Bakery', open: '558.90', send: ['email'], templates: ['overdue'] },
    });
    expect(await attempts(external)).toMatchObject([
      { decision: 'deferred', reasons: [{ rule: 'approval' }] },
    ]);
    const answered = await world.admin.post<Task>(`/v1/tasks/${task.id}/approval`, {
      approved: true,
      note: 'Spoke with them.',
    });
    expect(answered).toMatchObject({ status: 200, body: { state: 'done', outcome: 'approved' } });
    await world.execute(invoiceId);
    expect(await attempts(external)).toMatchObject([{ decision: 'sent' }]);
    expect((await world.admin.post(`/v1/tasks/${task.id}/approval`, { approved: true })).status).toBe(409);
  });

  it('never go out when declined', async () => {
    const { task, invoiceId, external } = await asked();
    await world.admin.post(`/v1/tasks/${task.id}/approval`, { approved: false });
    await world.execute(invoiceId);
    expect(await attempts(external)).toMatchObject([
      { decision: 'suppressed', reasons: [{ rule: 'not_approved' }] },
    ]);
  });

  it('are given up after a week without an answer', async () => {
    const { task, invoiceId, external } = await asked();
    await world.setClock('2013-02-06T09:00:00Z');
    await world.execute(invoiceId);
    expect(await attempts(external)).toMatchObject([
      { decision: 'suppressed', reasons: [{ rule: 'not_approved' }] },
    ]);
    expect((await world.admin.get(`/v1/tasks/${task.id}`)).body).toMatchObject({ state: 'expired' });
  });

  it('are approved by managers alone, and by nothing else than an approval', async () => {
    const { task } = await asked();
    const agent = await world.organisation.as('agent');
    expect((await agent.post(`/v1/tasks/${task.id}/approval`, { approved: true })).status).toBe(403);
    expect(await agent.post(`/v1/tasks/${task.id}/outcome`, { outcome: 'reached' })).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            path: 'outcome',
            message: 'is no answer to whether a message may go out; a manager answers by POST …/approval',
          },
        ],
      },
    });
  });

  it('is a mark that can be read, kept and taken away', async () => {
    const read = async () => (await world.admin.get<{ vip: boolean }>('/v1/customers/ext:C-VIP')).body.vip;
    await world.admin.post('/v1/customers', { externalId: 'C-VIP', name: 'Royal Bakery' });
    expect(await read()).toBe(true);
    await world.admin.post('/v1/customers', { externalId: 'C-VIP', name: 'Royal Bakery', vip: false });
    expect(await read()).toBe(false);
    await world.admin.post('/v1/customers', { externalId: 'C-VIP', name: 'Royal Bakery', vip: true });
  });
});
