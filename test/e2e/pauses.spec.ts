import type { DataSource } from 'typeorm';
import { releaseWaiting } from '#engine/stop/index.js';
import { openDataSource } from '#store/data-source.js';
import { openWorld, type World } from './campaigns-world.js';

const LADDER = `kindly: 1
policy: none
name: Standard
whenExhausted: nothing
steps:
  - key: overdue
    at: { anchor: due_date, offset: P1D, time: "10:00" }
    send: [email]
    template: overdue
  - key: second
    at: { anchor: due_date, offset: P3D, time: "10:00" }
    send: [email]
    template: overdue
`;

interface Detail {
  state: string;
  paused: boolean;
  endedReason: string | null;
  next: { sentence: string };
  upcoming: { stepKey: string; at: string | null }[];
}
interface Campaign {
  pausedAt: string | null;
  pauseReason: string | null;
}

let world: World;
let system: DataSource;

beforeAll(async () => {
  world = await openWorld();
  system = await openDataSource({ url: world.api.systemUrl, role: 'system', poolSize: 1 });
  await world.publishCampaign('pausable', LADDER);
});
afterAll(async () => {
  await system.destroy();
  await world.close();
});

const invoiceIds = new Map<string, string>();
const enrolled = async (key: string): Promise<string> => {
  await world.setClock('2013-01-20T09:00:00Z');
  invoiceIds.set(key, await world.invoice(key));
  return world.enrol(key, 'pausable');
};
const detail = async (id: string): Promise<Detail> =>
  (await world.admin.get<Detail>(`/v1/enrolments/${id}`)).body;
const attempts = async (key: string): Promise<string[]> => {
  const { body } = await world.admin.get<{
    data: { stepKey: string; decision: string; reasons: { rule: string }[] }[];
  }>(`/v1/attempts?invoice=ext:${key}`);
  return body.data.map(({ stepKey, decision, reasons }) =>
    [stepKey, decision, ...reasons.map(({ rule }) => rule)].join(' '),
  );
};
const at = async (key: string, clock: string): Promise<void> => {
  await world.setClock(clock);
  await world.execute(invoiceIds.get(key) ?? '');
};
const audited = (subjectId: string): Promise<string[]> =>
  world.dataSource.transaction(async (manager) => {
    await manager.query(`select set_config('app.organisation', $1, true)`, [world.organisation.id]);
    const rows = await manager.query<{ action: string }[]>(
      'select action from audit_event where subject_id = $1 order by id',
      [subjectId],
    );
    return rows.map(({ action }) => action);
  });
const timeline = async (key: string): Promise<string[]> => {
  const { body } = await world.admin.get<{ data: { kind: string; sentence: string }[] }>(
    `/v1/invoices/ext:${key}/timeline`,
  );
  return body.data.filter(({ kind }) => kind === 'enrolment').map(({ sentence }) => sentence);
};

describe('a paused campaign', () => {
  it('keeps back what comes due, says so, and lets it out one by one after it is resumed', async () => {
    const id = await enrolled('P-1');
    const { body } = await world.admin.post<Campaign>('/v1/campaigns/ext:pausable/pause', {
      reason: 'a new price list',
    });
    expect(body).toMatchObject({ pausedAt: '2013-01-20T09:00:00Z', pauseReason: 'a new price list' });
    await at('P-1', '2013-01-30T10:00:00Z');
    await at('P-1', '2013-02-03T10:00:00Z');
    expect(await attempts('P-1')).toEqual(['second deferred paused', 'overdue deferred paused']);
    expect(await detail(id)).toMatchObject({ state: 'open', paused: true });
    expect((await detail(id)).next.sentence).toContain('It is paused.');
    await world.admin.post('/v1/campaigns/ext:pausable/resume', {});
    expect(await releaseWaiting({ dataSource: world.dataSource, system, perSecond: 100 })).toBe(1);
    await at('P-1', '2013-02-03T10:00:00Z');
    expect(await attempts('P-1')).toEqual(['second deferred paused', 'overdue sent']);
    expect(await detail(id)).toMatchObject({
      paused: false,
      upcoming: [{ stepKey: 'second', at: '2013-02-05T09:00:00Z' }],
    });
    await at('P-1', '2013-02-05T09:00:00Z');
    expect(await attempts('P-1')).toEqual(['second sent', 'overdue sent']);
    expect(await timeline('P-1')).toEqual(
      expect.arrayContaining(['The campaign was paused. a new price list', 'The campaign was resumed.']),
    );
  });

  it('notices payments, and ends with them', async () => {
    const id = await enrolled('P-2');
    await world.admin.post('/v1/campaigns/ext:pausable/pause', { reason: 'a holiday' });
    await at('P-2', '2013-01-30T10:00:00Z');
    await world.admin.post('/v1/payments', {
      externalId: 'paid-2',
      customerExternalId: 'C-1',
      invoiceExternalId: 'P-2',
      amount: '558.90',
      currency: 'EUR',
    });
    await world.execute(invoiceIds.get('P-2') ?? '');
    expect(await detail(id)).toMatchObject({ state: 'ended', endedReason: 'settled' });
    expect(await attempts('P-2')).toEqual(['overdue suppressed balance']);
    await world.admin.post('/v1/campaigns/ext:pausable/resume', {});
  });

  it('stays as it was paused first, and is on record', async () => {
    const pause = (reason: string) =>
      world.admin.post<Campaign>('/v1/campaigns/ext:pausable/pause', { reason });
    await pause('the first');
    expect((await pause('the second')).body.pauseReason).toBe('the first');
    await world.admin.post('/v1/campaigns/ext:pausable/resume', { reason: 'done' });
    expect(
      (await world.admin.post<Campaign>('/v1/campaigns/ext:pausable/resume', {})).body.pausedAt,
    ).toBeNull();
    const { id } = (await world.admin.get<{ id: string }>('/v1/campaigns/ext:pausable')).body;
    const told = (await audited(id)).filter((action) => /paused|resumed/.test(action));
    expect(told.filter((action) => action === 'campaign.paused')).toHaveLength(3);
    expect(told.filter((action) => action === 'campaign.resumed')).toHaveLength(3);
  });

  it('is for those who publish', async () => {
    const path = '/v1/campaigns/ext:pausable/pause';
    for (const role of ['agent', 'viewer'] as const)
      expect((await (await world.organisation.as(role)).post(path, { reason: 'no' })).status).toBe(403);
    expect((await world.admin.post(path, {})).status).toBe(400);
  });
});

describe('a paused enrolment', () => {
  it('waits while others of its campaign go on', async () => {
    const [one, other] = [await enrolled('E-1'), await enrolled('E-2')];
    const paused = await world.admin.post<Detail>(`/v1/enrolments/${one}/pause`, { reason: 'a visit' });
    expect(paused).toMatchObject({ status: 200, body: { paused: true } });
    await at('E-1', '2013-01-30T10:00:00Z');
    await world.execute(invoiceIds.get('E-2') ?? '');
    expect([await attempts('E-1'), await attempts('E-2')]).toEqual([
      ['overdue deferred paused'],
      ['overdue sent'],
    ]);
    await world.admin.post(`/v1/enrolments/${one}/resume`, {});
    await at('E-1', '2013-01-30T10:00:00Z');
    expect(await attempts('E-1')).toEqual(['overdue sent']);
    expect((await timeline('E-1')).filter((sentence) => sentence.startsWith('The enrolment'))).toEqual([
      'The enrolment was paused. a visit',
      'The enrolment was resumed.',
    ]);
    expect(await audited(one)).toEqual(expect.arrayContaining(['enrolment.paused', 'enrolment.resumed']));
    await world.admin.post(`/v1/enrolments/${other}/end`, {});
    expect((await world.admin.post(`/v1/enrolments/${other}/pause`, { reason: 'late' })).status).toBe(409);
  });
});
