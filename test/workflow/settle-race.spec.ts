import { jest } from '@jest/globals';
import type { Outcome } from '#channels/channel.js';
import { upsertCustomers } from '#engine/facts/index.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const ACCEPTED: Outcome = { kind: 'accepted', providerId: 'taken' };

/** Two steps, a second apart, and `meanwhile` while the provider is called for the first. */
async function outreachWith(
  meanwhile: (debtor: Debtor) => Promise<unknown>,
  { outcome = ACCEPTED, duration = 'PT1S' }: { outcome?: Outcome; duration?: string } = {},
): Promise<Debtor> {
  const [versionId, debtor] = [await organisation.publish(ladder([duration])), await organisation.debtor()];
  let calls = 0;
  engine.outside.to(debtor.email, async () => {
    calls += 1;
    if (calls > 1) return ACCEPTED;
    await meanwhile(debtor);
    return outcome;
  });
  await organisation.enrol(versionId, debtor);
  return debtor;
}

/** What is stored of an outreach, without what differs from debtor to debtor. */
const stored = async (debtor: Debtor) => ({
  contacts: (await organisation.contacts(debtor)).map(
    ({ state, outcome_code, provider_id, medium, kind }) => ({
      ...{ state, outcome_code, provider_id, medium, kind },
    }),
  ),
  attempts: await organisation.rows(
    'select step_key, occurrence, decision, reasons, medium from attempt where invoice_id = $1 order by step_index',
    debtor.invoiceId,
  ),
  enrolments: await organisation.rows(
    `select state, ended_reason, next_due_at, planned_version = facts_version as planned
     from enrolment where invoice_id = $1`,
    debtor.invoiceId,
  ),
});

const NOTHING = (): Promise<void> => Promise.resolve();

const renamed = ({ customer }: Debtor): Promise<unknown> =>
  organisation.run((scope) => upsertCustomers(scope, [{ externalId: customer, name: 'Renamed Ltd' }]));

describe('what is recorded while a provider is called', () => {
  it('ends the outreach when it settles the invoice', async () => {
    const debtor = await outreachWith((to) => organisation.pay(to));
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'ended', ended_reason: 'settled' });
  });

  it('is what the next message states', async () => {
    const debtor = await outreachWith((to) => organisation.pay(to, '40.00'));
    await organisation.finished(debtor);
    const [before, after] = (await organisation.contacts(debtor)).map(({ snapshot }) => snapshot.text);
    expect(before).toContain('100.00');
    expect(after).toContain('60.00');
  });

  it('holds the outreach up, and lets it go on', async () => {
    let release = NOTHING;
    const debtor = await outreachWith(async (to) => (release = await organisation.hold(to)));
    await organisation.settled(debtor, 1);
    await organisation.atRest(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    expect(await organisation.enrolment(debtor)).toMatchObject({ state: 'open', facts_version: 2 });
    await release();
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted', 'accepted']);
  });
});

describe('what became of a call', () => {
  const outcomes: [string, Outcome][] = [
    ['accepted', ACCEPTED],
    ['rejected', { kind: 'rejected', code: 'refused', addressIsBad: false }],
    ['rejected for its address', { kind: 'rejected', code: 'bounced', addressIsBad: true }],
    ['unknown', { kind: 'unknown', code: 'timed_out' }],
  ];

  it.each(outcomes)(
    'is stored the same, %s, whether something was recorded meanwhile or not',
    async (_, outcome) => {
      const [still, moved] = [
        await outreachWith(NOTHING, { outcome }),
        await outreachWith(renamed, { outcome }),
      ];
      await Promise.all([organisation.finished(still), organisation.finished(moved)]);
      const expected = await stored(still);
      expect(await stored(moved)).toEqual(expected);
      expect(expected.contacts[0]).toMatchObject({ state: outcome.kind });
      expect(expected.attempts).toHaveLength(2);
    },
  );
});
