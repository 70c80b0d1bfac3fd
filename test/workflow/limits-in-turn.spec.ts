import { jest } from '@jest/globals';
import type { Outcome } from '#channels/channel.js';
import type { FakeChannel } from '#channels/fake/fake.channel.js';
import type { Rate } from '#domain/limits.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

jest.setTimeout(90_000);

let rate: Rate | null = null;
let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start({
    outside: (fake) => Object.assign(Object.create(fake) as FakeChannel, { rateOf: () => rate }),
  });
});
beforeEach(async () => {
  organisation = await engine.organisation();
});
afterAll(() => engine?.close());

const enrolled = async (count: number): Promise<Debtor[]> => {
  const versionId = await organisation.publish(ladder([]));
  const debtors: Debtor[] = [];
  for (let n = 0; n < count; n += 1) debtors.push(await organisation.debtor());
  for (const debtor of debtors) await organisation.enrol(versionId, debtor);
  return debtors;
};
const finished = (debtors: readonly Debtor[]): Promise<unknown> =>
  Promise.all(debtors.map((debtor) => organisation.finished(debtor)));
const states = async (): Promise<string[]> =>
  (await organisation.rows<{ state: string }>('select state from contact')).map(({ state }) => state);
/** Waits until that many steps have been decided, whatever the decision. */
const decided = (count: number): Promise<void> =>
  eventually(async () => expect(await organisation.rows('select from attempt')).toHaveLength(count));

describe('a message that waits for the turn of its sender', () => {
  it('goes out by itself, each of them once', async () => {
    rate = { perSecond: 5 };
    await finished(await enrolled(8));
    expect(await states()).toEqual(Array.from({ length: 8 }, () => 'accepted'));
    expect((await organisation.rows(`select from attempt where deferred_by <> '{}'`)).length).toBeGreaterThan(
      0,
    );
  });

  it('is not sent when it is paid meanwhile', async () => {
    rate = { perSecond: 0.001 };
    const debtors = await enrolled(2);
    await decided(2);
    for (const debtor of debtors) await organisation.pay(debtor);
    await finished(debtors);
    expect(await states()).toEqual(['accepted']);
  });

  it('is not sent when it is paid while its provider tells the whole sender to wait', async () => {
    rate = null;
    const throttled: Outcome = {
      kind: 'throttled',
      code: 'http_429',
      retryAfterMs: 3_600_000,
      wholeSender: true,
    };
    const [first, second] = [await organisation.debtor(), await organisation.debtor()];
    engine.outside.to(first.email, throttled);
    const versionId = await organisation.publish(ladder([]));
    await organisation.enrol(versionId, first);
    await organisation.settled(first, 1);
    await organisation.enrol(versionId, second);
    await decided(2);
    for (const debtor of [first, second]) await organisation.pay(debtor);
    await finished([first, second]);
    expect(await states()).toEqual(['throttled']);
  });
});
