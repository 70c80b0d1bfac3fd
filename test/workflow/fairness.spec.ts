import { jest } from '@jest/globals';
import type { Outcome } from '#channels/channel.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { historyHas } from '#test/support/standstill.js';

jest.setTimeout(120_000);

const BACKLOG = 60;
const FEW = 3;

let engine: TestEngine;

beforeAll(async () => {
  // One message at a time, so that the order is the queue's, and so fast that the limit does not take over from it.
  engine = await TestEngine.start({
    limits: { maxConcurrentActivities: 1, queueRates: { 'kindly-email': 40 } },
    timing: { providerTimeoutMs: 30_000, leaseMs: 60_000 },
  });
});
afterAll(() => engine?.close());

const enrolled = async (organisation: TestOrganisation, count: number): Promise<Debtor[]> => {
  const versionId = await organisation.publish(ladder([]));
  const debtors: Debtor[] = [];
  for (let n = 0; n < count; n += 1) debtors.push(await organisation.debtor());
  for (const debtor of debtors) await organisation.enrol(versionId, debtor);
  return debtors;
};
const waitingInLine = (organisation: TestOrganisation, debtors: readonly Debtor[]): Promise<unknown> =>
  Promise.all(
    debtors.map((debtor) =>
      historyHas(engine, organisation.id, debtor, 'activityTaskScheduledEventAttributes'),
    ),
  );

describe('an organisation with few messages', () => {
  it('does not wait for the whole backlog of another', async () => {
    const [big, small] = [await engine.organisation(), await engine.organisation()];
    let go: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (go = resolve));
    engine.outside.always(async ({ contactId }): Promise<Outcome> => {
      await opened;
      return { kind: 'accepted', providerId: contactId };
    });
    const many = await enrolled(big, BACKLOG);
    await waitingInLine(big, many);
    const few = await enrolled(small, FEW);
    await waitingInLine(small, few);
    go();
    await Promise.all([
      ...many.map((debtor) => big.finished(debtor)),
      ...few.map((debtor) => small.finished(debtor)),
    ]);
    const order = engine.outside.calls.map(({ organisationId }) => organisationId);
    expect(order).toHaveLength(BACKLOG + FEW);
    expect(order.lastIndexOf(small.id)).toBeLessThan(BACKLOG / 2);
  });
});
