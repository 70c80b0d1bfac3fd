import type { CustomerInput } from '#contracts/schemas/index.js';
import { mayUse, type PersonFacts } from '#domain/facts.js';
import { recordConsent, suppress, upsertCustomers } from '#engine/facts/index.js';
import { loadEnrolments } from '#engine/load-enrolment.js';
import { eraseCustomer } from '#engine/privacy/index.js';
import {
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

const BOSS = { externalId: 'boss', roles: ['owner'], emails: ['boss@example.test'], telegramChatIds: ['77'] };

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await withInvoice(world);
  await upsert({ externalId: 'PARENT', people: [BOSS] });
  await upsert({ parentExternalId: 'PARENT' });
  enrolmentId = await enrol(world);
});

const upsert = (input: Partial<CustomerInput>) =>
  world.run((scope) => upsertCustomers(scope, [customer(input)]));

const above = async (): Promise<PersonFacts[] | null | undefined> => {
  const [loaded] = await world.run(({ manager, organisationId, now }) =>
    loadEnrolments(manager, organisationId, [enrolmentId], now),
  );
  return loaded?.facts.customer.parent;
};

const mayWrite = async (): Promise<boolean[]> =>
  ((await above()) ?? []).flatMap(({ points }) =>
    points.map((point) => mayUse(point, point.kind === 'email' ? 'email' : 'telegram', 'reminder')),
  );

const evidence = { who: 'Boss', how: 'letter', text: 'May we write to you?' };

describe('the people of a parent company', () => {
  it('are facts of its daughters, and of nobody else', async () => {
    expect(await above()).toMatchObject([
      { roles: ['owner'], points: [{ kind: 'telegram' }, { kind: 'email' }] },
    ]);
    await upsert({ parentExternalId: null });
    expect(await above()).toBeUndefined();
    await upsert({ externalId: 'EMPTY' });
    await upsert({ parentExternalId: 'EMPTY' });
    expect(await above()).toEqual([]);
  });

  it('are written to as they said, and the daughters hear of each change', async () => {
    expect(await mayWrite()).toEqual([false, true]);
    const said = { customerExternalId: 'PARENT', evidence };
    await world.run((scope) => recordConsent(scope, { ...said, medium: 'telegram', state: 'granted' }));
    expect(await mayWrite()).toEqual([true, true]);
    expect(await told(world, enrolmentId)).toMatchObject({ facts: 1, outbox: 1 });
    const refused = { kind: 'email', value: 'boss@example.test', reason: 'manual' } as const;
    await world.run((scope) => suppress(scope, refused));
    expect(await mayWrite()).toEqual([true, false]);
    expect(await told(world, enrolmentId)).toMatchObject({ facts: 2 });
    await upsert({ externalId: 'PARENT', people: [{ ...BOSS, roles: ['other'] }] });
    expect(await told(world, enrolmentId)).toMatchObject({ facts: 3 });
    await upsert({ externalId: 'PARENT', people: [{ ...BOSS, roles: ['other'] }] });
    expect(await told(world, enrolmentId)).toMatchObject({ facts: 3 });
  });

  it('raise the version of the daughters, so that nothing decided before is sent after', async () => {
    const version = async () =>
      (
        await world.rows<{ v: number }>(`select facts_version as v from customer where external_id = 'C-1'`)
      )[0]?.v;
    const before = await version();
    await world.run((scope) =>
      recordConsent(scope, { customerExternalId: 'PARENT', medium: 'email', state: 'withdrawn', evidence }),
    );
    expect(await version()).toBe((before ?? 0) + 1);
  });

  it('are forgotten with what was written to them about a daughter', async () => {
    const [ids] = await world.rows<{ customer_id: string; point_id: string; parent_id: string }>(
      `select c.id as customer_id, t.id as point_id, c.parent_id from customer c
       join contact_person q on q.customer_id = c.parent_id join contact_point t on t.person_id = q.id and t.kind = 'email'
       where c.external_id = 'C-1'`,
    );
    const insert = `insert into contact (organisation_id, customer_id, point_id, send_key, medium, purpose, kind, sender, state,
        provider, snapshot, facts_version, decided_at, lease_until)
      values ($1, $2, $3, 'k', 'email', 'reminder', 'reminder', '{}', $4, 'fake', '{"text": "Dear boss"}', 1, now(), now())`;
    await world.rows(insert, world.organisationId, ids?.customer_id, ids?.point_id, 'attempting');
    const erase = () =>
      world.run((scope) =>
        eraseCustomer(
          scope,
          { externalId: 'PARENT' },
          { reason: 'asked', evidence: { who: 'Boss', how: 'letter' } },
        ),
      );
    expect(await erase()).toMatchObject({ reason: 'wrong_state' });
    await world.rows(`update contact set state = 'accepted'`);
    expect(await erase()).toMatchObject({ result: 'updated' });
    expect(await world.rows(`select snapshot ->> 'text' as text from contact`)).toEqual([{ text: '' }]);
    expect(await above()).toMatchObject([{ points: [{ status: 'retired' }, { status: 'retired' }] }]);
  });
});
