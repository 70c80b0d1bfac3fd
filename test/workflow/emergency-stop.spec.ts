import { jest } from '@jest/globals';
import type { TaskOutcomeInput } from '#contracts/schemas/index.js';
import type { CampaignInput } from '#domain/campaign/document.js';
import { completeTask } from '#engine/facts/index.js';
import {
  releaseInstallation,
  releaseOrganisation,
  releaseWaiting,
  stopInstallation,
  stopOrganisation,
} from '#engine/stop/index.js';
import { withSystem } from '#store/with-organisation.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  // Always looks again right before a call.
  engine = await TestEngine.start({ timing: { stopSeenMs: 0 } });
});
beforeEach(async () => {
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const stop = (): Promise<void> => organisation.run((scope) => stopOrganisation(scope, 'a wrong template'));
const release = (): Promise<boolean> => organisation.run((scope) => releaseOrganisation(scope));
const wake = (perSecond = 100): Promise<number> =>
  releaseWaiting({ dataSource: engine.own.app, system: engine.own.system, perSecond });

const reasonsOf = async ({ invoiceId }: Debtor): Promise<unknown[]> =>
  organisation.rows(
    `select decision, reasons #>> '{0,rule}' as rule from attempt where invoice_id = $1`,
    invoiceId,
  );
const HELD = [{ decision: 'deferred', rule: 'emergency_stop' }];

/** Waits until a step of the invoice is on record as kept back. */
const heldBack = (debtor: Debtor): Promise<void> =>
  eventually(async () => expect(await reasonsOf(debtor)).toEqual(HELD));

const callsTo = ({ email }: Debtor): number =>
  engine.outside.calls.filter(({ to }) => to.address === email).length;

describe('while an organisation is stopped', () => {
  it('what comes due is kept back, and waits for a fact or for its deadline', async () => {
    await stop();
    const debtor = await organisation.outreach(ladder([]));
    await heldBack(debtor);
    await organisation.atRest(debtor);
    // When it would be too late to say.
    const { next_due_at: until } = await organisation.enrolment(debtor);
    expect(Number(until)).toBeGreaterThan(Date.now() + 20 * 86_400_000);
    expect(await organisation.workflow(debtor).query('status')).toMatchObject({
      kind: 'wait',
      until: Number(until),
    });
    expect(await organisation.contacts(debtor)).toEqual([]);
  });

  it('a payment ends the outreach, and the release sends nothing', async () => {
    await stop();
    const debtor = await organisation.outreach(ladder([]));
    await heldBack(debtor);
    await organisation.pay(debtor);
    await organisation.finished(debtor);
    await release();
    await wake();
    await organisation.atRest(debtor);
    expect(await organisation.states(debtor)).toEqual([]);
    expect(await organisation.enrolment(debtor)).toMatchObject({ ended_reason: 'settled' });
  });

  it('another organisation goes on', async () => {
    await stop();
    const other = await engine.organisation();
    const debtor = await other.outreach(ladder([]));
    await other.finished(debtor);
    expect(await other.states(debtor)).toEqual(['accepted']);
  });

  it('an answer that somebody asked for waits, and goes out after the release', async () => {
    const call: CampaignInput = {
      kindly: 1,
      policy: 'none',
      name: 'A call',
      whenExhausted: 'nothing',
      steps: [
        { key: 'call', at: { anchor: 'issue_date', offset: 'PT1S' }, task: 'call', waitFor: 'PT1H' },
        {
          key: 'letter',
          at: { anchor: 'previous_step', offset: 'P1D' },
          send: ['email'],
          template: 'overdue',
        },
      ],
    };
    const debtor = await organisation.outreach(call);
    let task = '';
    await eventually(async () => {
      const [row] = await organisation.rows<{ id: string }>(`select id from task where state = 'open'`);
      if (!row) throw new Error('There is no task yet.');
      task = row.id;
    });
    await stop();
    const outcome: TaskOutcomeInput = { outcome: 'resend_invoice', confirmBy: 'email' };
    await organisation.run((scope) => completeTask(scope, task, outcome));
    await organisation.atRest(debtor);
    expect(await organisation.rows('select state from answer_request')).toEqual([{ state: 'waiting' }]);
    await release();
    await wake();
    await organisation.settled(debtor, 1);
    expect(await organisation.contacts(debtor)).toMatchObject([{ kind: 'answer', state: 'accepted' }]);
  });
});

describe('a message that was written when the stop came', () => {
  /** Stops while the ledger's row waits for a lock that the spec holds. */
  const stoppedInBetween = async (debtor: Debtor, begin: () => Promise<unknown>): Promise<void> => {
    const points = engine.own.app.createQueryRunner();
    await points.startTransaction();
    await points.query(`select set_config('app.organisation', $1, true)`, [organisation.id]);
    await points.query('select from contact_point where normalised = $1 for update', [debtor.email]);
    await begin();
    await eventually(async () => {
      const [row] = await engine.own.app.query<{ n: number }[]>(
        `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      if (!row?.n) throw new Error('Nobody waits for the lock yet.');
    });
    await stop();
    await points.commitTransaction();
    await points.release();
    await organisation.settled(debtor, 1);
    await organisation.atRest(debtor);
  };

  it('is not called for, is no failed try, and goes out after the release', async () => {
    const debtor = await organisation.debtor();
    const versionId = await organisation.publish(ladder([]));
    await stoppedInBetween(debtor, () => organisation.enrol(versionId, debtor));
    expect(await organisation.contacts(debtor)).toMatchObject([
      { state: 'not_reached', outcome_code: 'emergency_stop' },
    ]);
    expect([callsTo(debtor), await reasonsOf(debtor)]).toEqual([0, HELD]);
    const [row] = await organisation.rows<{ cursor: object }>('select cursor from enrolment');
    expect(row?.cursor).toMatchObject({ trying: { tries: 0, failures: 0, since: null, failed: [] } });
    await release();
    await wake();
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['not_reached', 'accepted']);
    expect(callsTo(debtor)).toBe(1);
  });

  it('is on record as kept back a second time too', async () => {
    await stop();
    const debtor = await organisation.outreach(ladder([]));
    await heldBack(debtor);
    await organisation.atRest(debtor);
    await stoppedInBetween(debtor, () => release().then(() => wake()));
    expect(await organisation.states(debtor)).toEqual(['not_reached']);
    expect(await reasonsOf(debtor)).toEqual(HELD);
  });
});

describe('a release', () => {
  it('wakes so many a second, and a second stop holds the rest', async () => {
    await stop();
    const versionId = await organisation.publish(ladder([]));
    const debtors = await Promise.all(Array.from({ length: 5 }, () => organisation.debtor()));
    for (const debtor of debtors) await organisation.enrol(versionId, debtor);
    await Promise.all(debtors.map(heldBack));
    expect(await wake(2)).toBe(0);
    await release();
    // However many workers ask within a second.
    const woken = await Promise.all([wake(2), wake(2), wake(2)]);
    expect(woken.sort()).toEqual([0, 0, 2]);
    await stop();
    await organisation.rows('update organisation set next_release_at = null');
    expect(await wake(2)).toBe(0);
    await release();
    await organisation.rows('update organisation set next_release_at = null');
    await wake(10);
    await Promise.all(debtors.map((debtor) => organisation.finished(debtor)));
    for (const debtor of debtors) expect(await organisation.states(debtor)).toEqual(['accepted']);
  });
});

describe('a stop of the whole installation', () => {
  it('holds every live organisation, those stopped by themselves beyond its release, and no test organisation', async () => {
    const [free, tested] = [
      await engine.organisation(),
      await engine.organisation(new Date('2026-03-02T09:00:00Z')),
    ];
    await stop();
    await withSystem(engine.own.system, (manager) => stopInstallation(manager, 'a drill', 'tester'));
    const [held, waiting] = [await organisation.outreach(ladder([])), await free.outreach(ladder([]))];
    const dates = { issuedOn: '2026-03-02', dueOn: '2026-04-01' };
    const inside = await tested.debtor({ zone: 'UTC' }, dates);
    await tested.enrol(await tested.publish(ladder([])), inside);
    await tested.settled(inside, 1);
    await heldBack(held);
    await free.atRest(waiting);
    await withSystem(engine.own.system, (manager) => releaseInstallation(manager, 'tester'));
    await wake();
    await free.finished(waiting);
    expect(await free.states(waiting)).toEqual(['accepted']);
    expect(await organisation.states(held)).toEqual([]);
  });
});
