import { jest } from '@jest/globals';
import { local } from '#domain/facts.factory.js';
import { advanceClock } from '#engine/clock/advance.js';
import { agreePlan } from '#engine/facts/index.js';
import { TestEngine } from '#test/support/engine.js';
import type { Debtor, TestOrganisation } from '#test/support/engine-organisation.js';

jest.setTimeout(90_000);

const NOW = local('2026-04-20 10:00', 'UTC');

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
});
beforeEach(async () => {
  organisation = await engine.organisation(new Date(NOW));
});
afterAll(() => engine?.close());

const advance = async (day: string): Promise<void> => {
  const deps = { dataSource: engine.own.app, appUrl: engine.database.appUrl, calendar: engine.deps.calendar };
  await advanceClock(deps, organisation.id, local(`${day} 12:00`, 'UTC'), 60_000);
};

/** Agreed on after the first reminder: 40.00 by the first of May, 60.00 by the first of June. */
const agreed = async (): Promise<Debtor> => {
  const step = { send: ['email' as const], template: 'overdue' };
  const at = (anchor: 'due_date' | 'instalment_date', offset: string) => ({ anchor, offset, time: '10:00' });
  const debtor = await organisation.debtor({ zone: 'UTC' }, { issuedOn: '2026-04-19', dueOn: '2026-04-20' });
  const versionId = await organisation.publish({
    kindly: 1,
    policy: 'none',
    name: 'Staged',
    whenExhausted: 'nothing',
    steps: [
      { key: 'first', at: at('due_date', 'P1D'), ...step },
      { key: 'coming', at: at('instalment_date', '-P3D'), ...step },
      { key: 'rest', at: at('due_date', 'P20D'), ...step },
    ],
  });
  await organisation.enrol(versionId, debtor);
  await advance('2026-04-22');
  expect(await plan(debtor)).toMatchObject({ result: 'created' });
  return debtor;
};

const attempts = async ({ invoiceId }: Debtor): Promise<string[]> =>
  (
    await organisation.rows<{ line: string }>(
      `select to_char(decided_at at time zone 'UTC', 'MM-DD') || ' ' || step_key || ' ' || decision as line
       from attempt where invoice_id = $1 and decision <> 'deferred' order by decided_at, step_key`,
      invoiceId,
    )
  ).map(({ line }) => line);

const plan = ({ invoiceId }: Debtor) =>
  organisation.run((scope) =>
    agreePlan(scope, invoiceId, {
      parts: [
        { dueOn: '2026-05-01', amount: '40.00' },
        { dueOn: '2026-06-01', amount: '60.00' },
      ],
      evidence: { who: 'Ann', how: 'by telephone' },
    }),
  );

describe('a plan of instalments on a clock that is advanced', () => {
  it('is kept: each instalment is reminded of, and the money of the last settles the invoice', async () => {
    const debtor = await agreed();
    await advance('2026-04-29');
    await organisation.pay(debtor, '40.00');
    await advance('2026-05-30');
    await organisation.pay(debtor, '60.00');
    await advance('2026-07-30');
    expect((await attempts(debtor)).slice(-3)).toEqual([
      '04-28 coming sent',
      '05-29 coming sent',
      '05-30 rest suppressed',
    ]);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'ended', ended_reason: 'settled' });
  });

  it('is broken by its rule without anybody asking: the ladder goes on', async () => {
    const debtor = await agreed();
    await advance('2026-06-30');
    expect((await attempts(debtor)).slice(-2)).toEqual(['04-28 coming sent', '05-10 rest sent']);
    const [contact] = (await organisation.contacts(debtor)).slice(-1);
    expect(contact?.snapshot.text).toContain(
      'We had agreed on instalments, and the one due 1 May 2026 has not reached us',
    );
  });
});
