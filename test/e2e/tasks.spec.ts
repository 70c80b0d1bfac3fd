import { randomUUID } from 'node:crypto';
import { openWorld, type World } from './campaigns-world.js';

interface Task {
  id: string;
  state: string;
  brief: Record<string, unknown>;
  invoiceExternalId: string;
}

let world: World;
let count = 0;

beforeAll(async () => {
  world = await openWorld();
  await world.publishCampaign('standard');
});
afterAll(() => world.close());

/** A call task that the ladder asked for. */
const callTask = async (): Promise<Task> => {
  await world.setClock('2013-01-20T09:00:00Z');
  const external = `I-${(count += 1)}`;
  const invoiceId = await world.invoice(external);
  await world.enrol(external, 'standard');
  await world.setClock('2013-02-12T10:00:00Z');
  await world.execute(invoiceId);
  const { body } = await world.admin.get<{ data: Task[] }>(`/v1/tasks?invoice=ext:${external}`);
  if (!body.data[0]) throw new Error('the ladder asks for a call');
  return body.data[0];
};

describe('tasks', () => {
  it('are listed with what is due first at the top, by state, assignee and due time', async () => {
    const task = await callTask();
    const agent = await world.organisation.as('agent');
    const assigned = await agent.post(`/v1/tasks/${task.id}/assign`, { assignee: 'anna' });
    expect(assigned).toMatchObject({ status: 200, body: { assignee: 'anna' } });
    const list = (query: string) => agent.get<{ data: Task[] }>(`/v1/tasks?${query}`);
    expect((await list('assignee=anna&state=open')).body.data).toMatchObject([
      { id: task.id, kind: 'call', stepKey: 'call' },
    ]);
    expect((await list('assignee=anna&state=done')).body.data).toEqual([]);
    expect((await list('assignee=anna&dueBefore=2013-02-01T00:00:00Z')).body.data).toEqual([]);
    expect((await list('state=forgotten')).status).toBe(400);
  });

  it('carry the brief: whom to call, about what, and what to say', async () => {
    const task = await callTask();
    const { body } = await world.admin.get<Task>(`/v1/tasks/${task.id}`);
    expect(body.brief).toMatchObject({
      open: '558.90',
      currency: 'EUR',
      script: expect.any(Array) as unknown,
    });
    expect(JSON.stringify(body.brief)).toContain('+34910000001');
  });

  it('are closed with an outcome, once, and the ladder hears of it', async () => {
    const task = await callTask();
    const outcome = { outcome: 'promise', amount: '558.90', promisedOn: '2013-02-20' };
    const done = await world.admin.post<Task>(`/v1/tasks/${task.id}/outcome`, outcome);
    expect(done).toMatchObject({
      status: 200,
      body: { state: 'done', outcome: 'promise', outcomeDetail: { promisedOn: '2013-02-20' } },
    });
    expect((await world.admin.post(`/v1/tasks/${task.id}/outcome`, outcome)).status).toBe(409);
    expect((await world.admin.post(`/v1/tasks/${task.id}/assign`, { assignee: 'x' })).status).toBe(409);
    const timeline = await world.admin.get<{ data: { sentence: string }[] }>(
      `/v1/invoices/ext:${task.invoiceExternalId}/timeline`,
    );
    expect(timeline.body.data.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        'A call for step "call" was done: promise.',
        'The customer promised 558.90 EUR by 2013-02-20.',
      ]),
    );
  });

  it('refuse what is no outcome, and what is not there', async () => {
    const task = await callTask();
    expect((await world.admin.post(`/v1/tasks/${task.id}/outcome`, { outcome: 'shrugged' })).status).toBe(
      400,
    );
    expect((await world.admin.post(`/v1/tasks/${task.id}/outcome`, { outcome: 'promise' })).status).toBe(400);
    expect((await world.admin.get(`/v1/tasks/${randomUUID()}`)).status).toBe(404);
    const other = await world.api.organisation();
    expect((await other.admin.post(`/v1/tasks/${task.id}/outcome`, { outcome: 'reached' })).status).toBe(404);
    const viewer = await world.organisation.as('viewer');
    expect((await viewer.post(`/v1/tasks/${task.id}/outcome`, { outcome: 'reached' })).status).toBe(403);
  });
});

describe('calls that no task asked for', () => {
  const call = async (more: object) => {
    const external = `I-${(count += 1)}`;
    await world.invoice(external);
    const agent = await world.organisation.as('agent');
    return { external, made: await agent.post<Task>('/v1/calls', { invoiceExternalId: external, ...more }) };
  };

  it('are recorded with when they were made, and what came of them is carried out', async () => {
    await world.setClock('2013-02-12T10:00:00Z');
    const { external, made } = await call({
      at: '2013-02-11T15:00:00Z',
      outcome: { outcome: 'promise', amount: '100.00', promisedOn: '2013-02-20' },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        kind: 'call',
        state: 'done',
        stepKey: null,
        outcome: 'promise',
        completedAt: '2013-02-11T15:00:00Z',
      },
    });
    const { body } = await world.admin.get<{ data: object[] }>(`/v1/holds?invoice=ext:${external}`);
    expect(body.data).toMatchObject([{ kind: 'promise', state: 'active' }]);
  });

  it('are refused without whom, before they were made, and with what an outcome cannot be; nothing stays', async () => {
    const outcome = { outcome: 'reached' };
    expect(await world.admin.post('/v1/calls', { outcome })).toMatchObject({ status: 400 });
    expect((await call({ outcome, invoiceExternalId: 'NOT-THERE' })).made.status).toBe(404);
    const early = await call({ outcome, at: '2013-03-01T00:00:00Z' });
    expect(early.made).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'at', message: 'is still to come; write when the call was made' }] },
    });
    const tooMuch = await call({
      outcome: { outcome: 'promise', amount: '999999.00', promisedOn: '2013-02-20' },
    });
    expect(tooMuch.made.status).toBe(409);
    const { body } = await world.admin.get<{ data: Task[] }>(`/v1/tasks?invoice=ext:${tooMuch.external}`);
    expect(body.data).toEqual([]);
    const viewer = await world.organisation.as('viewer');
    expect((await viewer.post('/v1/calls', { outcome, invoiceExternalId: early.external })).status).toBe(403);
  });
});
