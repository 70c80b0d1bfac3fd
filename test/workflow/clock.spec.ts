import { advanceClock } from '#engine/clock/advance.js';
import { ClockBusyError, lockClock } from '#engine/clock/clock-lock.js';
import { OrganisationClock } from '#engine/clock/organisation-clock.js';
import { NotSettledError, SettledWatch } from '#engine/clock/settled.js';
import { addDays, localDateOf, localTimeOf } from '#domain/local-time.js';
import { wakeEnrolments } from '#engine/announce.js';
import { upsertRules } from '#engine/enrolment-rules/index.js';
import { TestEngine } from '#test/support/engine.js';
import { ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let engine: TestEngine;
let organisation: TestOrganisation;
/** Where the organisation's clock begins. */
let start: number;

beforeAll(async () => {
  engine = await TestEngine.start();
}, 60_000);
beforeEach(async () => {
  // The hour it is: noon in the zone of the debtors.
  start = new Date().setUTCMinutes(0, 0, 0);
  organisation = await engine.organisation(new Date(start));
});
afterAll(() => engine?.close(), 60_000);

const advance = (to: number, budgetMs = 60_000) =>
  advanceClock(
    {
      dataSource: engine.own.app,
      appUrl: engine.database.appUrl,
      calendar: engine.deps.calendar,
    },
    organisation.id,
    to,
    budgetMs,
  );

describe('advancing a clock', () => {
  it('does what comes due on the way', async () => {
    const debtor = await organisation.outreach(ladder(['PT1H']));
    expect(await advance(start + 3 * DAY)).toEqual({ now: start + 3 * DAY, reached: true });
    expect(await organisation.states(debtor)).toEqual(['accepted', 'accepted']);
  }, 20_000);

  it('waits for the plan of what was recorded before, lest a step be passed over', async () => {
    const debtor = await organisation.outreach(ladder(['PT1H']));
    await organisation.atRest(debtor);
    const [{ customerId = '' } = {}] = await organisation.rows<{ customerId?: string }>(
      'select customer_id as "customerId" from invoice where id = $1',
      debtor.invoiceId,
    );
    await organisation.rows(
      'update enrolment set facts_version = facts_version + 1, next_due_at = null where invoice_id = $1',
      debtor.invoiceId,
    );
    await expect(advance(start + 3 * DAY, 500)).rejects.toBeInstanceOf(NotSettledError);
    await organisation.run((scope) => wakeEnrolments(scope, { customerId, invoiceIds: [debtor.invoiceId] }));
    expect(await advance(start + 3 * DAY)).toEqual({ now: start + 3 * DAY, reached: true });
    const sent = await organisation.rows<{ at: Date }>(
      'select decided_at as at from contact order by decided_at',
    );
    expect(sent.map(({ at }) => at.getTime() < start + DAY)).toEqual([true, true]);
  }, 20_000);

  it('lets rules enrol in its nights, a few overdue customers each, and walks what they enrolled', async () => {
    const version = await organisation.publish(ladder(['PT1H']), 'by-rule');
    const today = localDateOf(start, 'UTC');
    const late = { issuedOn: addDays(today, -40), dueOn: addDays(today, -10) };
    const debtors = [
      await organisation.debtor({}, late),
      await organisation.debtor({}, { ...late, dueOn: addDays(today, -20) }),
    ];
    const rule = {
      externalId: 'all',
      name: 'All',
      campaign: 'by-rule',
      overduePerDay: 1,
      state: 'active' as const,
    };
    await organisation.run((scope) => upsertRules(scope, [rule]));
    expect(await advance(start + 4 * DAY)).toMatchObject({ reached: true });
    const enrolled = await organisation.rows<{
      invoice_id: string;
      at: Date;
      version: string;
      paused: boolean;
    }>('select invoice_id, enrolled_at as at, version_id as version from enrolment order by enrolled_at');
    expect(enrolled.map((each) => each.invoice_id)).toEqual([debtors[1]?.invoiceId, debtors[0]?.invoiceId]);
    const [zone = 'UTC'] = (await organisation.rows<{ zone: string }>('select zone from organisation')).map(
      (row) => row.zone,
    );
    expect(enrolled.map(({ at }) => localTimeOf(at.getTime(), zone))).toEqual(['02:00', '02:00']);
    expect(enrolled.map((each) => each.version)).toEqual([version, version]);
    // The step of the issue date was missed; the one after it was not.
    for (const debtor of debtors) expect(await organisation.states(debtor)).toEqual(['accepted']);
  }, 60_000);

  it('is refused while another advances it, and possible as soon as that is done', async () => {
    const lock = await lockClock(engine.database.appUrl, organisation.id);
    await expect(advance(start + HOUR)).rejects.toBeInstanceOf(ClockBusyError);
    await lock.release();
    expect(await advance(start + HOUR)).toEqual({ now: start + HOUR, reached: true });
    expect(await advance(start + 2 * HOUR)).toEqual({ now: start + 2 * HOUR, reached: true });
  }, 20_000);

  it('is refused to one of two that begin together', async () => {
    await organisation.outreach(ladder(['PT1H', 'PT1H']));
    const results = await Promise.allSettled([advance(start + 2 * DAY), advance(start + DAY)]);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toBeInstanceOf(ClockBusyError);
  }, 20_000);

  it('of another organisation goes on meanwhile', async () => {
    const other = await engine.organisation(new Date(start));
    const lock = await lockClock(engine.database.appUrl, other.id);
    expect(await advance(start + HOUR)).toMatchObject({ reached: true });
    await lock.release();
  }, 20_000);
});

describe('a clock', () => {
  it('is never turned back', async () => {
    const watch = new SettledWatch(engine.own.app, organisation.id);
    const options = { dataSource: engine.own.app, organisationId: organisation.id, actor: 'tester', watch };
    const clock = new OrganisationClock(options);
    await clock.setClock(start + HOUR);
    await clock.setClock(start);
    expect(await clock.now()).toBe(start + HOUR);
  }, 20_000);
});

describe('an enrolment that another one took the place of', () => {
  it('keeps nobody waiting, however far behind its facts it was left', async () => {
    const debtor = await organisation.outreach(ladder(['PT1H']));
    await organisation.atRest(debtor);
    await organisation.rows(
      `update enrolment set state = 'ended', ended_reason = 'stopped', ended_at = now(), planned_version = 0
       where invoice_id = $1 returning 1`,
      debtor.invoiceId,
    );
    await organisation.enrol(await organisation.publish(ladder(['PT1H'])), debtor);
    const watch = new SettledWatch(engine.own.app, organisation.id);
    await watch.settled(debtor.invoiceId, 5_000);
    await watch.settled(null, 5_000);
  }, 15_000);
});
