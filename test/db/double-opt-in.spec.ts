import type { ConsentInput, CustomerInput } from '#contracts/schemas/index.js';
import { mayUse, type PointFacts } from '#domain/facts.js';
import {
  askAgain,
  confirmationState,
  confirmConsent,
  recordConsent,
  suppress,
  upsertCustomers,
} from '#engine/facts/index.js';
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

const DAY = 86_400_000;
let store: TestStore;
let world: World;
let enrolmentId: string;

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await world.rows(
    `update organisation set settings = settings || '{"doubleOptIn": ["telegram", "email"]}' where id = $1`,
    world.organisationId,
  );
  await withInvoice(world);
  await load();
  enrolmentId = await enrol(world);
});

const load = (more: Partial<CustomerInput> = {}) =>
  world.run((scope) =>
    upsertCustomers(scope, [customer({ email: 'ann@example.test', telegramChatId: '77', ...more })]),
  );

const evidence = { who: 'Ann', how: 'web form', text: 'Write to me by Telegram.' };

const say = (state: ConsentInput['state'], more: Partial<ConsentInput> = {}) =>
  world.run((scope) =>
    recordConsent(scope, { customerExternalId: 'C-1', medium: 'telegram', state, evidence, ...more }),
  );

const idOf = (written: Awaited<ReturnType<typeof say>>): string => ('id' in written ? written.id : '');

const chat = async (): Promise<PointFacts | undefined> => {
  const [loaded] = await world.run(({ manager, organisationId, now }) =>
    loadEnrolments(manager, organisationId, [enrolmentId], now),
  );
  return loaded?.facts.customer.people
    .flatMap(({ points }) => points)
    .find(({ kind }) => kind === 'telegram');
};

const isOpen = async (): Promise<boolean> => {
  const point = await chat();
  return point !== undefined && mayUse(point, 'telegram', 'reminder');
};

const questions = () =>
  world.rows<{ state: string; kind: string; medium: string }>(
    'select state, kind, medium from answer_request order by recorded_at, id',
  );

/** As the workflow would have sent it. */
const sent = async (
  at = NOW,
): Promise<{ contactId: string; medium: 'telegram'; decidedAt: number; shown: string }> => {
  const [contact] = await world.rows<{ id: string }>(
    `insert into contact (organisation_id, customer_id, point_id, send_key, medium, purpose, kind, sender, state, provider,
       snapshot, facts_version, decided_at, lease_until)
     select $1, customer_id, point_id, 'k' || id, 'telegram', 'consent', 'confirmation', '{}', 'accepted', 'fake', '{}', 1, $2, $2
     from answer_request where state = 'waiting' and medium = 'telegram' returning id`,
    world.organisationId,
    at,
  );
  await world.rows(
    `update answer_request set state = 'sent', contact_id = $1 where state = 'waiting' and medium = 'telegram'`,
    contact?.id,
  );
  return { contactId: contact?.id ?? '', medium: 'telegram', decidedAt: at.getTime(), shown: 'May we?' };
};

const setClock = (days: number) =>
  world.rows(
    'update organisation set clock_now = $2 where id = $1',
    world.organisationId,
    new Date(NOW.getTime() + days * DAY),
  );

describe('a consent that its owner has to confirm', () => {
  it('is pending and allows nothing, and the owner of the address is asked', async () => {
    await say('granted');
    expect(await isOpen()).toBe(false);
    expect((await chat())?.unconfirmed).toEqual(['telegram']);
    expect(await questions()).toEqual([{ state: 'waiting', kind: 'confirmation', medium: 'telegram' }]);
    expect(await told(world, enrolmentId)).toMatchObject({ outbox: 1 });
    expect(await world.rows('select state, evidence from consent')).toEqual([{ state: 'pending', evidence }]);
  });

  it('counts from when it is confirmed, with what proves it, and once', async () => {
    await say('granted');
    const confirmation = await sent();
    const confirm = () => world.run((scope) => confirmConsent(scope, confirmation));
    expect(await world.run((scope) => confirmationState(scope, confirmation))).toBe('waits');
    expect(await isOpen()).toBe(false);
    await setClock(1);
    expect([await confirm(), await confirm()]).toEqual([true, true]);
    expect(await isOpen()).toBe(true);
    expect((await chat())?.unconfirmed).toBeUndefined();
    expect(await world.run((scope) => confirmationState(scope, confirmation))).toBe('confirmed');
    const rows = await world.rows(`select evidence from consent where state = 'granted'`);
    expect(rows).toEqual([
      {
        evidence: {
          who: 'Ann',
          how: 'double opt-in',
          at: '2026-03-03T09:00:00Z',
          text: 'May we?',
          contact: confirmation.contactId,
          confirms: expect.any(String) as unknown,
        },
      },
    ]);
  });

  it('cannot be confirmed after seven days, nor after they said something else', async () => {
    await say('granted');
    const confirmation = await sent();
    await setClock(7.01);
    expect(await world.run((scope) => confirmConsent(scope, confirmation))).toBe(false);
    await setClock(1);
    await say('withdrawn', { address: '77' });
    expect(await world.run((scope) => confirmConsent(scope, confirmation))).toBe(false);
    expect(await isOpen()).toBe(false);
  });

  it('is over when messages by the medium were refused at all addresses', async () => {
    await say('granted');
    const confirmation = await sent();
    await setClock(1);
    await say('withdrawn');
    expect(await world.run((scope) => confirmConsent(scope, confirmation))).toBe(false);
    expect((await chat())?.unconfirmed).toBeUndefined();
    await setClock(2);
    await say('granted');
    await say('withdrawn', { effectiveAt: new Date(NOW.getTime() + 2 * DAY).toISOString() });
    expect((await questions()).map(({ state }) => state)).toEqual(['sent', 'failed']);
  });

  it('takes nothing away that was given, and gives nothing back that was withdrawn', async () => {
    await say('withdrawn', { medium: 'email', address: 'ann@example.test' });
    await setClock(1);
    await say('granted', { medium: 'email' });
    const [loaded] = await world.run(({ manager, organisationId, now }) =>
      loadEnrolments(manager, organisationId, [enrolmentId], now),
    );
    const [email] = loaded?.facts.customer.people[0]?.points.filter(({ kind }) => kind === 'email') ?? [];
    expect(email).toMatchObject({ consents: { email: 'withdrawn' }, unconfirmed: ['email'] });
    await say('granted');
    const confirmation = await sent(new Date(NOW.getTime() + DAY));
    expect(await world.run((scope) => confirmConsent(scope, confirmation))).toBe(true);
    await setClock(3);
    await say('granted');
    expect(await isOpen()).toBe(true);
  });

  it('is asked for once in a day, and not at an address that is barred', async () => {
    const id = idOf(await say('granted'));
    const again = () => world.run((scope) => askAgain(scope, id));
    expect(await again()).toMatchObject({
      reason: 'wrong_state',
      message: expect.stringContaining('2026-03-03T09:00:00Z') as unknown,
    });
    await setClock(0.5);
    await say('granted');
    expect(await questions()).toHaveLength(1);
    await setClock(1.1);
    expect(await again()).toMatchObject({ reason: 'wrong_state' });
    const newest = idOf(await say('granted'));
    expect(await questions()).toHaveLength(2);
    await setClock(3);
    expect(await world.run((scope) => askAgain(scope, newest))).toMatchObject({ result: 'updated' });
    expect(await questions()).toHaveLength(3);
    await world.run((scope) => suppress(scope, { kind: 'telegram', value: '77', reason: 'blocked' }));
    await setClock(5);
    expect(await world.run((scope) => askAgain(scope, newest))).toMatchObject({ reason: 'not_enrolled' });
    expect(await world.run((scope) => askAgain(scope, '019bd000-0000-7000-8000-000000000000'))).toMatchObject(
      { reason: 'unknown_consent' },
    );
  });

  it('is not asked for any more when it was withdrawn before', async () => {
    await say('granted');
    await setClock(0.1);
    await say('withdrawn', { address: '77' });
    expect(await questions()).toMatchObject([{ state: 'failed' }]);
  });

  it('names the one address that is asked', async () => {
    await load({ people: [{ externalId: 'a', telegramChatIds: ['77', '78'] }] });
    expect(await say('granted')).toMatchObject({ reason: 'unknown_address', field: 'address' });
    expect(await say('granted', { address: '78' })).toMatchObject({ result: 'created' });
  });

  it('may come with an import, and is another channel’s as it was', async () => {
    await load({ telegramConsent: { how: 'portal', at: NOW.toISOString() } });
    expect(await world.rows('select state from consent')).toEqual([{ state: 'pending' }]);
    expect(await questions()).toHaveLength(1);
    await say('granted', { medium: 'sms' });
    expect(await world.rows(`select state from consent where medium = 'sms'`)).toEqual([
      { state: 'granted' },
    ]);
  });
});
