import { jest } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { executeStep } from '#engine/execute-step.js';
import { recordPayments } from '#engine/facts/index.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

jest.setTimeout(90_000);

const RACES = 120;

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start({ relay: false });
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

/** @returns the version of the customer's facts that the payment made */
const payAtVersion = ({ name, customer, invoice }: Debtor): Promise<number> =>
  organisation.run(async (scope) => {
    const payment = {
      externalId: `P-${name}`,
      customerExternalId: customer,
      invoiceExternalId: invoice,
      amount: '100.00',
      currency: 'EUR',
    };
    await recordPayments(scope, [payment]);
    const [row] = await scope.manager.query<{ version: number }[]>(
      'select facts_version as version from customer where organisation_id = $1 and external_id = $2',
      [scope.organisationId, customer],
    );
    return row?.version ?? 0;
  });

const STRIDE = 3;

/**
 * A step and a payment at once.
 *
 * @param lead turns of the event loop by which the payment is ahead, or behind where negative
 */
const race = async (debtor: Debtor, lead: number): Promise<number> => {
  const after = async (turns: number): Promise<void> => {
    for (let n = 0; n < turns; n += 1) await turn();
  };
  const ref = { organisationId: organisation.id, invoiceId: debtor.invoiceId };
  const [version] = await Promise.all([
    after(-lead).then(() => payAtVersion(debtor)),
    after(lead).then(() => executeStep(engine.deps, ref, Date.now())),
  ]);
  return version;
};

describe('a payment that is recorded while a step is carried out', () => {
  it('never leaves a contact that was decided at its version or after', async () => {
    const versionId = await organisation.publish(ladder(['PT1H']));
    const debtors: Debtor[] = [];
    for (let n = 0; n < RACES; n += 1) debtors.push(await organisation.debtor());
    for (const debtor of debtors) await organisation.enrol(versionId, debtor);
    let sent = 0;
    let lead = 0;
    for (const debtor of debtors) {
      const paidAt = await race(debtor, lead);
      const contacts = await organisation.contacts(debtor);
      sent += contacts.length;
      // Whoever lost is ahead by more the next time, so that the races close in on the moment at which either may win.
      lead += contacts.length > 0 ? STRIDE : -STRIDE;
      expect(contacts.filter((contact) => contact.facts_version >= paidAt)).toEqual([]);
    }
    // A race that one side always wins shows nothing.
    expect(sent).toBeGreaterThan(RACES / 20);
    expect(sent).toBeLessThan(RACES - RACES / 20);
  });
});
