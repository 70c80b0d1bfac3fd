import type { ConsentInput, CustomerInput } from '#contracts/schemas/index.js';
import { mayUse } from '#domain/facts.js';
import type { Medium } from '#domain/medium.js';
import { recordConsent, upsertCustomers } from '#engine/facts/index.js';
import { loadEnrolments } from '#engine/load-enrolment.js';
import {
  NOW,
  type World,
  anotherOrganisation,
  customer,
  enrol,
  openWorld,
  told,
  withInvoice,
} from './facts-world.js';
import type { TestStore } from './store.js';

let store: TestStore;
let world: World;
let enrolmentId: string;

const REACHED = { email: 'ann@example.test', phone: '+34600000000', telegramChatId: '100000' };

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await withInvoice(world);
  await load();
  enrolmentId = await enrol(world);
});

const load = (more: Partial<CustomerInput> = {}) =>
  world.run((scope) => upsertCustomers(scope, [customer({ ...REACHED, ...more })]));

const evidence = { who: 'Ann', how: 'on the telephone', text: 'May we write to you by Telegram?' };

const say = (state: ConsentInput['state'], more: Partial<ConsentInput> = {}) =>
  world.run((scope) =>
    recordConsent(scope, { customerExternalId: 'C-1', medium: 'telegram', state, evidence, ...more }),
  );

/** Media by which somebody of the customer may be written to. */
const open = async (): Promise<Medium[]> => {
  const [loaded] = await world.run(({ manager, organisationId, now }) =>
    loadEnrolments(manager, organisationId, [enrolmentId], now),
  );
  const points = (loaded?.facts.customer.people ?? []).flatMap((person) => person.points);
  const media = { email: 'email', sms: 'phone', call: 'phone', telegram: 'telegram' } as const;
  return (Object.keys(media) as Medium[]).filter((medium) =>
    points.some((point) => point.kind === media[medium] && mayUse(point, medium, 'reminder')),
  );
};

const before = (days: number): string => new Date(NOW.getTime() - days * 86_400_000).toISOString();

describe('consents', () => {
  it('are needed for direct messages, and for nothing else', async () => {
    expect(await open()).toEqual(['email', 'sms', 'call']);
    expect(await say('granted')).toMatchObject({ result: 'created', externalId: 'C-1' });
    expect(await open()).toEqual(['email', 'sms', 'call', 'telegram']);
    expect(await told(world, enrolmentId)).toMatchObject({ facts: 1, outbox: 1 });
  });

  it('close a channel when they are withdrawn, all of it or one address', async () => {
    await say('withdrawn', { medium: 'sms' });
    expect(await open()).toEqual(['email', 'call']);
    await say('withdrawn', { medium: 'email', address: 'Ann@Example.test' });
    expect(await open()).toEqual(['call']);
    await say('granted', { medium: 'email', address: 'ann@example.test', effectiveAt: before(0) });
    expect(await open()).toEqual(['call', 'email'].sort((a) => (a === 'email' ? -1 : 1)));
  });

  it('go by the last word, whenever it is told, and once', async () => {
    await say('withdrawn', { effectiveAt: before(1) });
    await say('granted', { effectiveAt: before(2) });
    expect(await open()).not.toContain('telegram');
    expect(await say('granted', { effectiveAt: before(2) })).toMatchObject({ result: 'unchanged' });
    await say('granted');
    expect(await open()).toContain('telegram');
  });

  it('to offers say nothing of reminders', async () => {
    await say('granted');
    await say('withdrawn', { purpose: 'offers' });
    expect(await open()).toContain('telegram');
  });

  it('are refused for whom and for what nobody knows, and before they were given', async () => {
    expect(await say('granted', { customerExternalId: 'C-9' })).toMatchObject({ reason: 'unknown_customer' });
    expect(await say('granted', { address: '999' })).toMatchObject({
      reason: 'unknown_address',
      field: 'address',
    });
    expect(await say('granted', { effectiveAt: before(-1) })).toMatchObject({ reason: 'in_the_future' });
  });

  it('come with an import, once, and do not undo what was said since', async () => {
    const telegramConsent = { how: 'portal', at: before(3) };
    expect(await load({ telegramConsent })).toMatchObject([{ result: 'unchanged' }]);
    expect(await open()).toContain('telegram');
    await say('withdrawn', { address: REACHED.telegramChatId, effectiveAt: before(2) });
    await load({ telegramConsent });
    expect(await open()).not.toContain('telegram');
    expect(await world.rows('select state from consent order by recorded_at, id')).toEqual([
      { state: 'granted' },
      { state: 'withdrawn' },
    ]);
  });
});
