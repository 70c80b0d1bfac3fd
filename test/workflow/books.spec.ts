import { jest } from '@jest/globals';
import { allocateMoney, recordSourceSync } from '#engine/facts/index.js';
import { releaseWaiting } from '#engine/stop/index.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

jest.setTimeout(90_000);

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
});
beforeEach(async () => {
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const heldBy = (debtor: Debtor, rule: string): Promise<void> =>
  eventually(async () =>
    expect(
      await organisation.rows(
        `select decision, reasons #>> '{0,rule}' as rule from attempt where invoice_id = $1 and decision = 'deferred'`,
        debtor.invoiceId,
      ),
    ).toEqual([{ decision: 'deferred', rule }]),
  );

const wake = (): Promise<number> =>
  releaseWaiting({ dataSource: engine.own.app, system: engine.own.system, perSecond: 100 });

/** Until so long ago every payment is known. */
const synced = (hoursAgo: number): Promise<void> =>
  organisation.run((scope) =>
    recordSourceSync(scope, 'bank', {
      completeThrough: new Date(scope.now - hoursAgo * 3_600_000).toISOString(),
    }),
  );

describe('books that are older than an organisation allows', () => {
  it('keep back what comes due, until they are up to date; then it goes out once', async () => {
    await organisation.rows(`update organisation set settings = settings || '{"booksMayLag": "P1D"}'`);
    await synced(25);
    const debtor = await organisation.outreach(ladder([]));
    await heldBy(debtor, 'stale_books');
    await organisation.atRest(debtor);
    expect(await wake()).toBe(0);
    expect(await organisation.contacts(debtor)).toEqual([]);
    await synced(1);
    await eventually(async () => expect(await wake()).toBe(1));
    await organisation.settled(debtor, 1);
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    expect(await wake()).toBe(0);
  });
});

describe('money that names no invoice, while a step waits for its moment', () => {
  it('keeps it back; allocated, the rest is asked for, and all that was owed ends it', async () => {
    const debtor = await organisation.outreach(ladder(['PT2S']));
    await organisation.settled(debtor, 1);
    const externalId = await organisation.pay(debtor, '1.00', { invoiceExternalId: undefined });
    await heldBy(debtor, 'unapplied_cash');
    await organisation.atRest(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    await organisation.run((scope) => allocateMoney(scope, 'payment', { externalId }, { oldestFirst: true }));
    await organisation.settled(debtor, 2);
    await organisation.finished(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted', 'accepted']);
  });
});
