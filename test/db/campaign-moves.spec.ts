import type { CampaignInput } from '#domain/campaign/document.js';
import { validateCampaign } from '#domain/campaign/validate.js';
import { weekendCalendar } from '#domain/working-days.js';
import { type EnrolmentChoice, moveWaiting } from '#engine/campaigns/moves/index.js';
import { publish, retire, saveDraft, type VersionRef } from '#engine/campaigns/index.js';
import { enrolInvoices } from '#engine/enrol.js';
import { seedInvoices } from '#test/support/seed.js';
import { anotherOrganisation, heard, listen, openWorld, type World } from './facts-world.js';

/** `overdue` on the day after the due date, and further steps so many days after it. */
const ladder = (...days: number[]): CampaignInput => ({
  kindly: 1,
  policy: 'none',
  name: 'Reminders',
  whenExhausted: 'nothing',
  steps: [1, ...days].map((day) => ({
    key: day === 1 ? 'overdue' : `after-${day}`,
    at: { anchor: 'due_date', offset: `P${day}D`, time: '10:00' },
    send: ['email'],
    template: 'overdue',
  })),
});

let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.store.close());

const publishNext = async (input: CampaignInput, choice: EnrolmentChoice = 'keep'): Promise<VersionRef> => {
  const validation = validateCampaign(input);
  if (!validation.ok) throw new Error(JSON.stringify(validation.problems));
  return world.run(async (scope) => {
    const draft = await saveDraft(scope, 'moving', validation.document);
    const result = await publish(scope, draft.campaignId, draft.number, choice);
    if (result.kind !== 'published') throw new Error(JSON.stringify(result));
    return result.version;
  });
};
/** Invoices that are enrolled and planned before anything of them is due. */
const enrolMany = async (versionId: string, count: number): Promise<string[]> => {
  const dates = { issuedOn: '2026-02-01', dueOn: '2026-03-10' };
  const invoiceIds = await seedInvoices(world.app, world.organisationId, { prefix: 'm', count, ...dates });
  await world.run((scope) => enrolInvoices(scope, weekendCalendar, { versionId, invoiceIds }));
  await world.rows('delete from outbox');
  return invoiceIds;
};
const moveOnce = (): Promise<number> =>
  moveWaiting({ dataSource: world.app, system: world.store.system, calendar: weekendCalendar });
const places = (): Promise<{ number: number; n: number }[]> =>
  world.rows(`select v.number, count(*)::int as n from enrolment e join campaign_version v on v.id = e.version_id
              group by v.number order by v.number`);
const moves = (): Promise<{ state: string; found: number; moved: number }[]> =>
  world.rows('select state, found, moved from campaign_move order by id');

/** A message of this invoice whose call to the provider has begun. */
const beginCall = async (invoiceId: string): Promise<void> => {
  await world.rows(
    `insert into contact (organisation_id, customer_id, invoice_id, enrolment_id, point_id, send_key, medium, purpose, kind,
       sender, state, provider, snapshot, facts_version, decided_at, lease_until)
     select e.organisation_id, e.customer_id, e.invoice_id, e.id, t.id, 'k', 'email', 'reminder', 'reminder', '{}',
       'attempting', 'outbox', '{}', 1, now(), now()
     from enrolment e join contact_person q on q.customer_id = e.customer_id join contact_point t on t.person_id = q.id
     where e.invoice_id = $1`,
    invoiceId,
  );
};

describe('a move to another version', () => {
  it('tells the workflow of each, raises its version once, and keeps the enrolment', async () => {
    const { versionId } = await publishNext(ladder(10));
    await enrolMany(versionId, 3);
    const before = await world.rows<{ id: string; facts_version: number }>(
      'select * from enrolment order by id',
    );
    await publishNext(ladder(12), 'now');
    expect(await moveOnce()).toBe(3);
    const after = await world.rows<{ id: string; facts_version: number; run_no: number }>(
      'select * from enrolment order by id',
    );
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after).toEqual(
      before.map(
        ({ facts_version: v }) => expect.objectContaining({ run_no: 1, facts_version: v + 1 }) as unknown,
      ),
    );
    expect(await world.rows('select from outbox')).toHaveLength(3);
  });

  it('goes on where a crash left it, and says so when it is over', async () => {
    const { versionId } = await publishNext(ladder(10));
    const invoices = await enrolMany(versionId, 130);
    await listen(world);
    const { campaignId, versionId: next } = await publishNext(ladder(12), 'now');
    // The 101st belongs to the second transaction, which fails.
    await world.rows(
      `update enrolment set cursor = 'null' where id = (select id from enrolment order by id offset 110 limit 1)`,
    );
    await expect(moveOnce()).rejects.toThrow();
    expect(await places()).toEqual([
      { number: 1, n: 30 },
      { number: 2, n: 100 },
    ]);
    await world.rows(
      `update enrolment set cursor = '{"decided": {}, "trying": null, "exhausted": false}' where cursor = 'null'`,
    );
    expect([await moveOnce(), await moveOnce()]).toEqual([30, 0]);
    expect(await moves()).toEqual([{ state: 'done', found: invoices.length, moved: 130 }]);
    expect((await heard(world)).filter(({ type }) => type === 'campaign.moved')).toEqual([
      expect.objectContaining({ data: { campaignId, versionId: next, moved: 130 } }),
    ]);
  });

  it('waits for a message that is under way', async () => {
    const { versionId } = await publishNext(ladder(10));
    const [busy = ''] = await enrolMany(versionId, 2);
    await beginCall(busy);
    await publishNext(ladder(12), 'now');
    expect([await moveOnce(), await moveOnce()]).toEqual([1, 0]);
    expect(await moves()).toMatchObject([{ state: 'standing', moved: 1 }]);
    await world.rows(`update contact set state = 'accepted'`);
    expect([await moveOnce(), await moveOnce()]).toEqual([1, 0]);
    expect(await moves()).toMatchObject([{ state: 'done', moved: 2 }]);
  });

  it('moves nobody twice when two workers do it at once', async () => {
    const { versionId } = await publishNext(ladder(10));
    await enrolMany(versionId, 60);
    await publishNext(ladder(12), 'now');
    const moved = await Promise.all([moveOnce(), moveOnce(), moveOnce()]);
    expect(moved.reduce((sum, each) => sum + each)).toBe(60);
    expect(await world.rows(`select from audit_event where action = 'enrolment.moved'`)).toHaveLength(60);
  });

  it('is superseded by a newer one, and ends when its version is retired', async () => {
    const { versionId } = await publishNext(ladder(10));
    await enrolMany(versionId, 2);
    await publishNext(ladder(12), 'next_step');
    const third = await publishNext(ladder(14), 'now');
    expect(await moves()).toMatchObject([{ state: 'superseded' }, { state: 'standing', found: 2 }]);
    await world.run((scope) => retire(scope, third.campaignId, third.number));
    expect(await moves()).toMatchObject([{ state: 'superseded' }, { state: 'superseded' }]);
    expect(await moveOnce()).toBe(0);
    expect(await places()).toEqual([{ number: 1, n: 2 }]);
  });

  it('never leads back to an older version', async () => {
    const first = await publishNext(ladder(10));
    const second = await publishNext(ladder(12), 'next_step');
    const third = await publishNext(ladder(14));
    await enrolMany(third.versionId, 1);
    expect([first.number, second.number, await moveOnce()]).toEqual([1, 2, 0]);
    expect(await places()).toEqual([{ number: 3, n: 1 }]);
  });

  it('puts on record what it skips', async () => {
    const { versionId } = await publishNext(ladder(30));
    await enrolMany(versionId, 1);
    await world.rows(`update organisation set clock_now = '2026-03-20T12:00:00Z'`);
    await publishNext(ladder(3, 5, 30), 'now');
    expect(await moveOnce()).toBe(1);
    expect(
      await world.rows(
        `select step_key, decision, reasons -> 0 ->> 'rule' as rule from attempt order by step_index`,
      ),
    ).toEqual([
      { step_key: 'after-3', decision: 'suppressed', rule: 'too_late' },
      { step_key: 'after-5', decision: 'suppressed', rule: 'too_late' },
    ]);
  });

  it('that cannot be carried out holds up no other, and is told when nothing else is left', async () => {
    const first = await publishNext(ladder());
    const [broken = ''] = await enrolMany(first.versionId, 1);
    await world.rows(`update enrolment set cursor = '{}' where invoice_id = $1 returning id`, broken);
    await publishNext(ladder(5), 'now');
    world = await anotherOrganisation(world.store);
    const other = await publishNext(ladder());
    await enrolMany(other.versionId, 2);
    await publishNext(ladder(5), 'now');
    expect(await moveOnce()).toBe(2);
    expect(await places()).toEqual([{ number: 2, n: 2 }]);
    await expect(moveOnce()).rejects.toThrow(TypeError);
  });
});
