import { jest } from '@jest/globals';
import { updateOrganisation } from '#api/organisations/organisations.queries.js';
import { local } from '#domain/facts.factory.js';
import type { OwnRules } from '#domain/policy/own-rules.js';
import { executeStep } from '#engine/execute-step.js';
import { upsertCustomers } from '#engine/facts/index.js';
import { loadEnrolmentOf } from '#engine/load-enrolment.js';
import { releaseWaiting } from '#engine/stop/index.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

jest.setTimeout(120_000);

describe('rules of a house that change', () => {
  const NOW = local('2026-04-01 10:00', 'UTC');
  const dates = { issuedOn: '2026-04-01', dueOn: '2026-05-01' };
  const QUIET: OwnRules = [{ kind: 'blackout', key: 'quiet', from: '2026-04-01', to: '2026-04-20' }];
  let engine: TestEngine;
  let organisation: TestOrganisation;
  let versionId: string;

  beforeAll(async () => {
    engine = await TestEngine.start({ relay: false });
  });
  afterAll(() => engine?.close());
  beforeEach(async () => {
    organisation = await engine.organisation(new Date(NOW));
    versionId = await organisation.publish({ ...ladder(['P1D']), policy: 'courteous' });
  });

  const saveRules = (houseRules: OwnRules) =>
    organisation.run((scope) => updateOrganisation(scope, 'current', { houseRules }));
  const execute = ({ invoiceId }: Debtor) =>
    executeStep(engine.deps, { organisationId: organisation.id, invoiceId }, NOW);
  const decisionsOf = ({ invoiceId }: Debtor) =>
    organisation.rows<{ decision: string; reasons: { rule: string; text: string }[] }>(
      'select decision, reasons from attempt where invoice_id = $1',
      invoiceId,
    );
  const woken = (perSecond = 100, foundAtOnce = 100) =>
    releaseWaiting({ dataSource: engine.own.app, system: engine.own.system, perSecond, foundAtOnce });
  const switchOff = (rule: string, reason: string) =>
    organisation.run((scope) => updateOrganisation(scope, 'current', { switchedOff: [{ rule, reason }] }));

  /** One whose step came due and was put off by rules of the house. */
  const putOff = async (): Promise<Debtor> => {
    const debtor = await organisation.debtor({ zone: 'UTC' }, dates);
    await organisation.enrol(versionId, debtor);
    expect(await execute(debtor)).toMatchObject({ kind: 'wait' });
    expect(await decisionsOf(debtor)).toMatchObject([
      { decision: 'deferred', reasons: [{ rule: 'house/quiet' }] },
    ]);
    return debtor;
  };

  it('let go at once what they put off for weeks, when they are taken back, and wake nothing else', async () => {
    const other = await organisation.debtor({ zone: 'UTC' }, { ...dates, issuedOn: '2026-04-02' });
    await organisation.enrol(versionId, other);
    await saveRules(QUIET);
    const debtor = await putOff();
    await saveRules([]);
    expect(await woken()).toBe(1);
    await execute(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
  });

  it('are followed once they were looked after, and are no change where they stay as they are', async () => {
    const changed = () =>
      organisation.rows('select rules_changed_at is not null as is_open from organisation');
    await saveRules(QUIET);
    expect(await changed()).toEqual([{ is_open: true }]);
    await woken();
    expect(await changed()).toEqual([{ is_open: false }]);
    await saveRules(QUIET);
    expect(await changed()).toEqual([{ is_open: false }]);
    await switchOff('us-fl/hours', 'Counsel says so.');
    expect(await changed()).toEqual([{ is_open: true }]);
    await eventually(async () => {
      await woken();
      expect(await changed()).toEqual([{ is_open: false }]);
    });
    await switchOff('us-fl/hours', 'Counsel wrote so.');
    expect(await changed()).toEqual([{ is_open: false }]);
  });

  it('wake each of what they put off once, however many there are, and whatever they say of it now', async () => {
    await saveRules(QUIET);
    const debtors: Debtor[] = [];
    for (let n = 0; n < 5; n += 1) debtors.push(await putOff());
    const until = '2026-04-19';
    await saveRules(QUIET.map((rule) => ({ ...rule, to: until })));
    const versions = await organisation.rows<{ id: string; facts_version: number }>(
      'select id, facts_version from enrolment order by id',
    );
    let sum = 0;
    await eventually(async () => {
      sum += await woken(2, 2);
      for (const each of debtors) await execute(each);
      expect(sum).toBe(5);
    });
    expect(
      await organisation.rows('select id, facts_version - 1 as facts_version from enrolment order by id'),
    ).toEqual(versions);
    expect(await organisation.rows('select rules_changed_at from organisation')).toEqual([
      { rules_changed_at: null },
    ]);
  });

  it('leave a step to its next channel where they close one for good', async () => {
    const either = await organisation.publish({
      ...ladder([], { send: ['sms', 'email'] }),
      policy: 'courteous',
    });
    const late: OwnRules = [
      { kind: 'hours', key: 'late', media: ['sms'], open: { weekday: { from: '17:00', to: '20:00' } } },
    ];
    const debtor = await organisation.debtor({ zone: 'UTC', phone: '+447700900321', wishes: late }, dates);
    await organisation.enrol(either, debtor);
    const early: OwnRules = [
      { ...late[0], key: 'early', open: { weekday: { from: '09:00', to: '12:00' } } },
    ] as OwnRules;
    await saveRules(early);
    await execute(debtor);
    expect(await organisation.contacts(debtor)).toMatchObject([{ medium: 'email', state: 'accepted' }]);
    expect(await decisionsOf(debtor)).toMatchObject([{ decision: 'sent' }]);
  });

  it('are told apart by what they say, with the wishes of the customer, and not by reasons of a switch', async () => {
    const debtor = await organisation.debtor({ zone: 'UTC' }, dates);
    await organisation.enrol(versionId, debtor);
    const digest = () =>
      organisation.run(async ({ manager }) => {
        const loaded = await loadEnrolmentOf(manager, organisation.id, debtor.invoiceId, NOW);
        return loaded?.facts.rulesDigest;
      });
    const switchedOff = async (rule: string, reason: string) => {
      await switchOff(rule, reason);
      return digest();
    };
    const seen = [await digest(), await switchedOff('us-fl/hours', 'Counsel says so.')];
    expect(await switchedOff('us-fl/hours', 'Counsel wrote so.')).toBe(seen[1]);
    seen.push(await switchedOff('us-ma', 'Counsel wrote so.'));
    await saveRules(QUIET);
    seen.push(await digest());
    await organisation.run((scope) =>
      upsertCustomers(scope, [{ externalId: debtor.customer, name: 'Debtor', wishes: QUIET }]),
    );
    seen.push(await digest());
    expect(new Set(seen).size).toBe(5);
  });

  it('give up what the wishes of a customer leave no moment for, and say why', async () => {
    const hours = (from: string, to: string): OwnRules => [
      { kind: 'hours', key: 'hours', open: { weekday: { from, to } } },
    ];
    const debtor = await organisation.debtor({ zone: 'UTC', wishes: hours('17:00', '20:00') }, dates);
    await organisation.enrol(versionId, debtor);
    await saveRules(hours('09:00', '12:00'));
    await execute(debtor);
    const [decided] = await decisionsOf(debtor);
    expect(decided).toMatchObject({ decision: 'suppressed', reasons: [{ rule: 'never_allowed' }] });
    expect(decided?.reasons[0]?.text).toBe(
      'It is 10:00 in UTC, and 17:00 to 20:00 is allowed (Their own wish); no moment is open by all rules together.',
    );
    expect(await organisation.contacts(debtor)).toEqual([]);
  });
});
