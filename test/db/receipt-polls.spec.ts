import { randomUUID } from 'node:crypto';
import { createOutboxChannel } from '#channels/outbox/outbox.channel.js';
import { ChannelRegistry } from '#channels/registry.js';
import { createTwilioChannel } from '#channels/twilio/twilio.channel.js';
import { upsertCustomers } from '#engine/facts/index.js';
import { applyWaiting, pollReceipts } from '#engine/receipts/index.js';
import { Contact } from '#store/entities/index.js';
import { aMessage, startTwilio, TWILIO_ACCOUNT, TWILIO_TOKEN } from '#test/support/providers/index.js';
import type { HttpProvider } from '#test/support/providers/http-provider.js';
import { anotherOrganisation, customer, NOW, openWorld, type World } from './facts-world.js';
import type { TestStore } from './store.js';

const HOUR = 3_600_000;

let store: TestStore;
let world: World;
let twilio: HttpProvider;
let channels: ChannelRegistry;

beforeAll(async () => {
  ({ store } = await openWorld());
  twilio = await startTwilio();
  const config = { accountSid: TWILIO_ACCOUNT, authToken: TWILIO_TOKEN, baseUrl: twilio.url };
  channels = new ChannelRegistry([createTwilioChannel(config), createOutboxChannel({ directory: null })]);
});
afterAll(async () => {
  await twilio.stop();
  await store.close();
});
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await world.run((scope) => upsertCustomers(scope, [customer({ email: 'ann@example.test' })]));
});

/** A message that Twilio took just now. @returns the contact's id */
async function sent(address: string, overrides: Partial<Contact> = {}): Promise<string> {
  await channels.channels[0]?.send(aMessage('sms', { to: { address } }), 5_000);
  return world.run(async ({ manager, organisationId }) => {
    const [point] = await manager.query<{ customer_id: string; id: string }[]>(
      `select p.customer_id, t.id from contact_point t join contact_person p on p.organisation_id = t.organisation_id and p.id = t.person_id
       where t.organisation_id = $1 limit 1`,
      [organisationId],
    );
    const { identifiers } = await manager.insert(Contact, {
      organisationId,
      customerId: point?.customer_id,
      pointId: point?.id,
      sendKey: `${randomUUID()}/0`,
      medium: 'sms',
      purpose: 'reminder',
      kind: 'reminder',
      sender: {},
      state: 'accepted',
      provider: 'twilio',
      providerId: twilio.accepted.at(-1)?.id,
      snapshot: { to: { address }, text: 'Pay.' },
      factsVersion: 1,
      decidedAt: NOW,
      leaseUntil: NOW,
      ...overrides,
    } as never);
    return String(identifiers[0]?.['id']);
  });
}

const poll = (afterMs: number, limit = 100) =>
  pollReceipts({ dataSource: store.app, system: store.system, channels }, limit, Date.now() + afterMs);
const stateOf = async (id: string) => {
  while ((await applyWaiting({ dataSource: store.app, system: store.system })) > 0);
  return world.run(({ manager }) => manager.findOneByOrFail(Contact, { id }));
};

it('asks for a message whose receipts did not come, and stores the answer as the receipt', async () => {
  const [arrived, lost] = [await sent('+15005550006'), await sent('+15005550009')];
  expect(await poll(HOUR)).toEqual({ asked: 2, learnt: 2 });
  expect(await stateOf(arrived)).toMatchObject({ delivery: 'delivered', polls: 1 });
  expect(await stateOf(lost)).toMatchObject({ delivery: 'failed', polls: 1 });
  expect(await poll(100 * HOUR)).toEqual({ asked: 0, learnt: 0 });
});

it('asks nothing too early, of what was told, of what stays inside, or of what Twilio never named', async () => {
  await sent('+15005550006');
  expect(await poll(20 * 60_000)).toEqual({ asked: 0, learnt: 0 });
  await poll(HOUR);
  await stateOf(await sent('+15005550006', { delivery: 'delivered' }));
  await sent('+15005550006', { provider: 'outbox' });
  await sent('+15005550006', { providerId: null });
  await sent('+15005550006', { state: 'unknown' });
  while ((await applyWaiting({ dataSource: store.app, system: store.system })) > 0);
  expect(await poll(HOUR)).toEqual({ asked: 0, learnt: 0 });
});

it('asks in widening distances, and gives up', async () => {
  const id = await sent('+15005550006', { providerId: 'SM0' });
  for (const [hours, asked] of [
    [1, 1],
    [1, 0],
    [3, 1],
    [3, 0],
    [9, 1],
    [25, 1],
    [25, 0],
    [74, 1],
    [74, 0],
    [140, 0],
  ] as const)
    expect({ hours, ...(await poll(hours * HOUR)) }).toEqual({ hours, asked, learnt: 0 });
  expect(await stateOf(id)).toMatchObject({ delivery: null, polls: 5 });
});

it('asks for so many at a time, and each is asked for by one of two', async () => {
  for (let n = 0; n < 5; n += 1) await sent('+15005550006');
  expect(await poll(HOUR, 2)).toMatchObject({ asked: 2 });
  const [one, two] = await Promise.all([poll(HOUR), poll(HOUR)]);
  expect(one.asked + two.asked).toBe(3);
});
