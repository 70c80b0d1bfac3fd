import { openDataSource } from '#store/data-source.js';
import { weekendCalendar } from '#domain/working-days.js';
import { moveWaiting } from '#engine/campaigns/moves/index.js';
import type { DataSource } from 'typeorm';
import { openWorld, type World } from './campaigns-world.js';

const ladder = (steps: Record<string, string>): string =>
  [
    'kindly: 1',
    'policy: none',
    'name: Standard',
    'whenExhausted: nothing',
    'steps:',
    ...Object.entries(steps).flatMap(([key, offset]) => [
      `  - key: ${key}`,
      `    at: { anchor: due_date, offset: ${offset}, time: "10:00" }`,
      '    send: [email]',
      '    template: overdue',
    ]),
    '',
  ].join('\n');

const FIRST = ladder({ overdue: 'P1D', second: 'P10D', third: 'P20D', letter: 'P30D' });
const NEXT = ladder({ overdue: 'P1D', between: 'P3D', second: 'P8D', third: 'P25D', last: 'P40D' });

interface Preview {
  enrolments: number;
  stay: number;
  changed: number;
  changes: { stepKey: string; change: string; enrolments: number; invoices: string[] }[];
  summary: string;
  complete: boolean;
}
interface Detail {
  versionNumber: number;
  runNo: number;
  upcoming: { stepKey: string; at: string | null }[];
}

let world: World;
let system: DataSource;
const enrolments = new Map<string, string>();

const preview = async (campaign: string, version: number, choice = 'now'): Promise<Preview> => {
  const path = `/v1/campaigns/ext:${campaign}/versions/${version}/preview?enrolments=${choice}`;
  const { status, body } = await world.admin.get<Preview>(path);
  expect(status).toBe(200);
  return body;
};
const detail = async (enrolment: string): Promise<Detail> =>
  (await world.admin.get<Detail>(`/v1/enrolments/${enrolment}`)).body;
const publish = (campaign: string, version: number, query = '') =>
  world.admin.post(`/v1/campaigns/ext:${campaign}/versions/${version}/publish${query}`);
const moveAll = async (): Promise<number> => {
  const deps = { dataSource: world.dataSource, system, calendar: weekendCalendar };
  let all = 0;
  for (let moved = 1; moved > 0; all += moved) moved = await moveWaiting(deps);
  return all;
};

/** Three invoices of which two have had their first reminder, and one is not due yet. */
const running = async (campaign: string): Promise<void> => {
  await world.setClock('2013-01-20T09:00:00Z');
  await world.publishCampaign(campaign, FIRST);
  for (const [name, dueOn] of Object.entries({ a: '2013-01-29', b: '2013-01-28', c: '2013-03-29' })) {
    const key = `${campaign}-${name}`;
    const invoiceId = await world.invoice(key, { dueOn });
    enrolments.set(key, await world.enrol(key, campaign));
    await world.setClock('2013-01-30T10:00:00Z');
    await world.execute(invoiceId);
    await world.setClock('2013-01-20T09:00:00Z');
  }
  await world.setClock('2013-02-02T09:30:00Z');
};
const idOf = (key: string): string => enrolments.get(key) ?? '';

beforeAll(async () => {
  world = await openWorld();
  system = await openDataSource({ url: world.api.systemUrl, role: 'system', poolSize: 1 });
});
afterAll(async () => {
  await system.destroy();
  await world.close();
});

describe('a version that follows one with open enrolments', () => {
  it('tells beforehand what its publication would change, and then exactly that happens', async () => {
    await running('now');
    await world.importCampaign('now', NEXT);
    const told = await preview('now', 2);
    const before = new Map<string, Detail>();
    for (const key of ['now-a', 'now-b', 'now-c']) before.set(key, await detail(idOf(key)));
    expect(await publish('now', 2, '?enrolments=now')).toMatchObject({ status: 200 });
    expect(await moveAll()).toBe(3);
    const happened = new Map<string, number>();
    const count = (change: string, stepKey: string) =>
      happened.set(`${change} ${stepKey}`, (happened.get(`${change} ${stepKey}`) ?? 0) + 1);
    for (const [key, was] of before) {
      const is = await detail(idOf(key));
      expect(is).toMatchObject({ versionNumber: 2, runNo: 1 });
      const at = (of: Detail) => new Map(of.upcoming.map((each) => [each.stepKey, each.at ?? '']));
      const [old, now] = [at(was), at(is)];
      for (const [step, moment] of now) {
        const earlier = old.get(step);
        if (earlier === undefined) count('added', step);
        else if (earlier !== moment) count(moment < earlier ? 'earlier' : 'later', step);
      }
      for (const step of old.keys()) if (!now.has(step)) count('removed', step);
    }
    const { body } = await world.admin.get<{ data: { stepKey: string; decision: string }[] }>(
      '/v1/attempts?campaign=ext:now&limit=100',
    );
    for (const { stepKey, decision } of body.data) if (decision === 'suppressed') count('skipped', stepKey);
    const expected = told.changes.filter(({ change }) => change !== 'never_again');
    expect(Object.fromEntries(happened)).toEqual(
      Object.fromEntries(expected.map((each) => [`${each.change} ${each.stepKey}`, each.enrolments])),
    );
    expect(told).toMatchObject({ enrolments: 3, stay: 0, changed: 3, complete: true });
    expect(told.changes).toContainEqual({
      stepKey: 'overdue',
      change: 'never_again',
      enrolments: 2,
      invoices: ['now-a', 'now-b'],
    });
    expect(told.summary).toMatch(/^3 enrolments: 0 stay as they are, .*2 would skip step "between"/);
    const timeline = await world.admin.get<{ data: { kind: string; sentence: string }[] }>(
      '/v1/invoices/ext:now-a/timeline',
    );
    const enrolment = timeline.body.data.filter(({ kind }) => kind === 'enrolment');
    expect(enrolment.map(({ sentence }) => sentence)).toEqual([
      'Enrolled in "now", version 1.',
      'Moved to version 2 of its campaign.',
    ]);
    const move = await world.admin.get('/v1/campaigns/ext:now/versions/2/move');
    expect(move.body).toMatchObject({ mode: 'now', state: 'done', found: 3, moved: 3, remaining: 0 });
  });

  it('leaves them where they are unless asked', async () => {
    await running('keep');
    await world.importCampaign('keep', NEXT);
    expect(await preview('keep', 2, 'keep')).toMatchObject({ enrolments: 3, stay: 3, changes: [] });
    await publish('keep', 2);
    expect(await moveAll()).toBe(0);
    expect(await detail(idOf('keep-a'))).toMatchObject({ versionNumber: 1 });
    expect((await world.admin.get('/v1/campaigns/ext:keep/versions/2/move')).status).toBe(404);
  });

  it('takes each when its next step has been decided', async () => {
    await running('next');
    await world.importCampaign('next', NEXT);
    expect(await preview('next', 2, 'next_step')).toMatchObject({ enrolments: 3, changed: 3 });
    await publish('next', 2, '?enrolments=next_step');
    expect(await moveAll()).toBe(0);
    expect(await detail(idOf('next-a'))).toMatchObject({ versionNumber: 1 });
    await world.setClock('2013-02-08T10:00:00Z');
    const invoice = await world.admin.get<{ id: string }>('/v1/invoices/ext:next-a');
    await world.execute(invoice.body.id);
    expect(await moveAll()).toBe(1);
    expect(await detail(idOf('next-a'))).toMatchObject({ versionNumber: 2 });
    expect(await detail(idOf('next-b'))).toMatchObject({ versionNumber: 1 });
    const move = await world.admin.get('/v1/campaigns/ext:next/versions/2/move');
    expect(move.body).toMatchObject({ state: 'standing', found: 3, moved: 1, remaining: 2 });
  });

  it('moves nobody to a version that is retired, nor to one that another has followed', async () => {
    await world.admin.post('/v1/campaigns/ext:next/versions/2/retire');
    const move = await world.admin.get('/v1/campaigns/ext:next/versions/2/move');
    expect(move.body).toMatchObject({ state: 'superseded', moved: 1 });
  });

  it('is published with a choice that exists', async () => {
    expect((await publish('keep', 2, '?enrolments=soon')).status).toBe(400);
    expect((await world.admin.get('/v1/campaigns/ext:keep/versions/9/preview')).status).toBe(404);
  });
});

describe('a template that is edited', () => {
  const edited = 'A NEW TEXT ABOUT {{ invoice.number }}';
  interface Message {
    templateVersionId?: string;
    snapshot: unknown;
  }
  const messages = async (invoice: string): Promise<string[]> => {
    const { body } = await world.admin.get<{ data: { id: string }[] }>(`/v1/contacts?invoice=ext:${invoice}`);
    const all = await Promise.all(body.data.map(({ id }) => world.admin.get<Message>(`/v1/contacts/${id}`)));
    return all.map(({ body: { snapshot } }) => JSON.stringify(snapshot));
  };

  it('changes neither what was approved nor what went out; the next publication takes it', async () => {
    const { body: shipped } = await world.admin.get<{ source: Record<string, string> }>(
      '/v1/templates/overdue/en',
    );
    const save = (subject: string) =>
      world.admin.put('/v1/templates/ours/en', { ...shipped.source, subject });
    expect((await save('The first text')).status).toBe(200);
    const yaml = FIRST.replaceAll('template: overdue', 'template: ours');
    await world.setClock('2013-01-20T09:00:00Z');
    await world.publishCampaign('pinned', yaml);
    const invoiceId = await world.invoice('pinned-a', { dueOn: '2013-01-29' });
    const id = await world.enrol('pinned-a', 'pinned');
    await world.setClock('2013-01-30T10:00:00Z');
    await world.execute(invoiceId);
    const before = await messages('pinned-a');
    expect(before).toEqual([expect.stringContaining('The first text')]);
    expect((await save(edited)).status).toBe(200);
    expect(await messages('pinned-a')).toEqual(before);
    await world.setClock('2013-02-08T10:00:00Z');
    await world.execute(invoiceId);
    const after = await messages('pinned-a');
    expect(after).toHaveLength(2);
    for (const message of after) expect(message).toContain('The first text');
    await world.importCampaign('pinned', yaml);
    await publish('pinned', 2, '?enrolments=now');
    await moveAll();
    expect(await detail(id)).toMatchObject({ versionNumber: 2 });
    await world.setClock('2013-02-18T10:00:00Z');
    await world.execute(invoiceId);
    const last = await messages('pinned-a');
    expect(last.filter((message) => message.includes('A NEW TEXT ABOUT'))).toHaveLength(1);
    expect(last.filter((message) => message.includes('The first text'))).toHaveLength(2);
  });
});
