import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Receipt, ReceivedMessage } from '#channels/receipt.js';
import { replyAddress } from '#domain/reply-address.js';
import { upsertCustomers } from '#engine/facts/index.js';
import { completeTask } from '#engine/facts/tasks.js';
import { suppress } from '#engine/facts/suppressions.js';
import { assignInbound, telegramLink } from '#engine/inbound/index.js';
import { applyWaiting, storeReceipts } from '#engine/receipts/index.js';
import { isRefused } from '#engine/facts/refusal.js';
import type { TaskOutcomeInput } from '#contracts/schemas/index.js';
import {
  NOW,
  type World,
  anotherOrganisation,
  customer,
  enrol,
  heard,
  listen,
  openWorld,
  told,
  withInvoice,
} from './facts-world.js';
import { applyAll, inbound, receive, received, store, wrote } from './inbound-world.js';
import type { TestStore } from './store.js';

const EMAIL = 'ann@example.test';
const PHONE = '+447700900001';
const CHAT = '4711';
const DAY = 86_400_000;

let database: TestStore;
let world: World;
let enrolmentId: string;

beforeAll(async () => {
  ({ store: database } = await openWorld());
});
afterAll(() => database.close());
beforeEach(async () => {
  world = await anotherOrganisation(database);
  await withInvoice(world);
  await world.run((scope) =>
    upsertCustomers(scope, [
      customer({
        email: EMAIL,
        phone: PHONE,
        telegramChatId: CHAT,
        accountManager: { externalId: 'm', name: 'Max', email: 'max@example.test', phone: '+442079460001' },
      }),
    ]),
  );
  enrolmentId = await enrol(world);
});

const sms = (text: string, overrides: Partial<ReceivedMessage> = {}) =>
  received(world, { medium: 'sms', from: PHONE, text, subject: null, ...overrides });
const receiveSms = async (text: string, overrides: Partial<ReceivedMessage> = {}) => {
  await store(world, [sms(text, overrides)]);
  await applyAll(world);
};

const suppressions = () =>
  world.rows<{ kind: string; reason: string; lifted: boolean }>(
    'select kind, reason, lifted_at is not null as lifted from suppression order by recorded_at, id',
  );
const confirmations = () =>
  world.rows<{ template_key: string; medium: string; value: string }>(
    `select a.template_key, a.medium, t.value from answer_request a join contact_point t on t.id = a.point_id
     order by a.recorded_at, a.id`,
  );
const tasks = () =>
  world.rows<{
    id: string;
    kind: string;
    state: string;
    assignee: string;
    brief: { messages: { text: string }[] };
  }>('select id, kind, state, assignee, brief from task order by recorded_at, id');
const holds = () =>
  world.rows<{ kind: string; expires_at: Date; released_at: Date | null }>(
    'select kind, expires_at, released_at from hold order by recorded_at, id',
  );

describe('storing what came in', () => {
  it('keeps each message once, however often it is given', async () => {
    const [one, two] = [received(world), received(world)];
    expect(await store(world, [one, one])).toEqual({ stored: 1, repeated: 1, strange: 0 });
    expect(await store(world, [two, one])).toEqual({ stored: 1, repeated: 1, strange: 0 });
  });

  it('keeps nothing that is nobody’s', async () => {
    expect(
      await store(world, [
        received(world, { organisationId: randomUUID() }),
        received(world, { organisationId: 'none' }),
      ]),
    ).toEqual({ stored: 0, repeated: 0, strange: 2 });
  });

  it('takes a message that names no organisation for that of the message it answers', async () => {
    const contactId = await wrote(world);
    const named: Partial<ReceivedMessage>[] = [
      { headers: { 'in-reply-to': `<${contactId}.${world.organisationId}@acme.example>` } },
      { headers: { references: `<x@y.example> <${contactId}.${world.organisationId}@acme.example>` } },
      { to: [replyAddress('ar@example.test', contactId)] },
    ];
    const messages = named.map((each) => received(world, { organisationId: null, ...each }));
    expect(await store(world, messages)).toMatchObject({ stored: 3 });
    await applyAll(world);
    expect(await inbound(world)).toMatchObject([
      { by: 'reference' },
      { by: 'reference' },
      { by: 'reference' },
    ]);
  });

  it('keeps what no database can: half characters, NUL, and a very long text', async () => {
    await receive(world, { text: `\ud83d\0${'x'.repeat(300_000)}`, subject: '\0', fromName: '\udc00' });
    const [row] = await world.rows<{ length: number }>('select length(body) from inbound_message');
    expect(row?.length).toBeLessThanOrEqual(100_000);
  });
});

describe('whose a message is', () => {
  const other = () =>
    world.run((scope) => upsertCustomers(scope, [customer({ externalId: 'C-2', email: EMAIL })]));

  it('is the customer of the message that it answers, whoever writes', async () => {
    const contactId = await wrote(world);
    const headers = { 'in-reply-to': `<${contactId}.${world.organisationId}@acme.example>` };
    await receive(world, { from: 'colleague@example.test', headers });
    expect(await inbound(world)).toEqual([{ reading: 'person', by: 'reference', customer: 'C-1' }]);
    expect(await tasks()).toMatchObject([{ kind: 'reply' }]);
  });

  it('is who has the address, in whatever way it is written', async () => {
    await receive(world, { from: ' Ann@Example.TEST ' });
    expect(await inbound(world)).toEqual([{ reading: 'person', by: 'address', customer: 'C-1' }]);
  });

  it('is of several who have it the one to whom it was written last', async () => {
    await other();
    await wrote(world, { at: new Date(NOW.getTime() - DAY) });
    await wrote(world, { customer: 'C-2', at: new Date(NOW.getTime() - 2 * DAY) });
    await receive(world);
    expect(await inbound(world)).toMatchObject([{ customer: 'C-1' }]);
  });

  it('is nobody’s when that would be guessing', async () => {
    await other();
    await receive(world);
    await receive(world, { from: 'stranger@example.test' });
    expect(await inbound(world)).toEqual([
      { reading: 'person', by: null, customer: null },
      { reading: 'person', by: null, customer: null },
    ]);
    expect(await tasks()).toEqual([]);
  });

  it('is never another organisation’s', async () => {
    const contactId = await wrote(world);
    const elsewhere = await anotherOrganisation(database);
    await receive(elsewhere, {
      headers: { 'in-reply-to': `<${contactId}.${world.organisationId}@acme.example>` },
      to: [replyAddress('ar@example.test', contactId)],
    });
    expect(await inbound(elsewhere)).toMatchObject([{ customer: null }]);
    expect(await inbound(world)).toEqual([]);
  });

  it('is said by a person where nobody could tell; then it counts', async () => {
    await receive(world, { from: 'stranger@example.test' });
    const [{ id: messageId = '' } = {}] = await world.rows<{ id: string }>('select id from inbound_message');
    const [{ id: customerId = '' } = {}] = await world.rows<{ id: string }>('select id from customer');
    const assign = () => world.run((scope) => assignInbound(scope, messageId, customerId));
    expect(await assign()).toMatchObject({ result: 'updated' });
    expect(await assign()).toMatchObject({ result: 'unchanged' });
    expect(await inbound(world)).toEqual([{ reading: 'person', by: 'person', customer: 'C-1' }]);
    expect(await tasks()).toMatchObject([{ kind: 'reply', state: 'open' }]);
    expect(await holds()).toMatchObject([{ kind: 'reply' }]);
  });
});

describe('a person’s message', () => {
  it('pauses the outreach to the customer for three days and asks the account manager to answer', async () => {
    await listen(world);
    await receive(world);
    expect(await holds()).toEqual([
      { kind: 'reply', expires_at: new Date(NOW.getTime() + 3 * DAY), released_at: null },
    ]);
    expect(await tasks()).toMatchObject([
      { kind: 'reply', state: 'open', assignee: 'm', brief: { messages: [{ text: 'We pay on Friday.' }] } },
    ]);
    expect((await told(world, enrolmentId)).facts).toBeGreaterThan(0);
    expect((await heard(world)).map(({ type }) => type)).toEqual([
      'hold.placed',
      'task.created',
      'message.received',
    ]);
  });

  it('tells those who listen ids and codes alone', async () => {
    await listen(world);
    await receive(world, { from: EMAIL, text: 'A secret', subject: 'Another' });
    const all = JSON.stringify(await heard(world));
    expect(all).toContain('message.received');
    expect(all).not.toMatch(/secret|Another|example\.test/);
  });

  it('joins the task that is open, in the order in which it was written, and makes the pause longer', async () => {
    await receive(world, { text: 'second', effectiveAt: NOW.getTime() });
    await receive(world, { text: 'first', effectiveAt: NOW.getTime() - DAY });
    const open = await tasks();
    expect(open).toHaveLength(1);
    expect(open[0]?.brief.messages.map(({ text }) => text)).toEqual(['first', 'second']);
    expect(await holds()).toMatchObject([{ expires_at: new Date(NOW.getTime() + 3 * DAY) }]);
  });

  it('pauses for as long as the organisation says', async () => {
    await world.rows(`update organisation set settings = '{"replyPause": "PT36H"}'`);
    await receive(world);
    expect(await holds()).toMatchObject([{ expires_at: new Date(NOW.getTime() + 1.5 * DAY) }]);
  });

  it('comes to one end in whatever order and batches, by however many processes', async () => {
    const messages = fc
      .array(fc.integer({ min: 0, max: 48 }), { minLength: 1, maxLength: 5 })
      .chain((hours) =>
        fc.tuple(fc.constant(hours), fc.shuffledSubarray(hours, { minLength: hours.length }), fc.nat(5)),
      );
    await fc.assert(
      fc.asyncProperty(messages, async ([hours, shuffled, cut]) => {
        world = await anotherOrganisation(database);
        await withInvoice(world);
        await world.run((scope) => upsertCustomers(scope, [customer({ email: EMAIL })]));
        const given = shuffled.map((hour) =>
          received(world, { text: String(hour), effectiveAt: NOW.getTime() - hour * 3_600_000 }),
        );
        await store(world, given.slice(0, cut));
        await applyAll(world);
        await store(world, given);
        await Promise.all([applyAll(world), applyAll(world)]);
        const [task, ...others] = await tasks();
        const inOrder = [...hours].sort((a, b) => b - a).map(String);
        expect(task?.brief.messages.map(({ text }) => text)).toEqual(inOrder);
        expect(others).toEqual([]);
        const latest = NOW.getTime() - Math.min(...hours) * 3_600_000;
        expect(await holds()).toMatchObject([{ expires_at: new Date(latest + 3 * DAY) }]);
      }),
      { numRuns: 15 },
    );
  });
});

describe('an automatic reply', () => {
  it('is kept, and changes nothing', async () => {
    await receive(world, {
      headers: { 'auto-submitted': 'auto-replied' },
      subject: 'Out of office',
      text: 'I am out of the office and back on 9 March 2026.',
    });
    expect(await inbound(world)).toMatchObject([{ reading: 'automatic', customer: 'C-1' }]);
    expect(await world.rows('select returns_on from inbound_message')).toEqual([
      { returns_on: '2026-03-09' },
    ]);
    expect([...(await tasks()), ...(await holds()), ...(await suppressions())]).toEqual([]);
    expect(await told(world, enrolmentId)).toEqual({ facts: 0, outbox: 0 });
  });
});

describe('a stop', () => {
  it('bars the address, plans on, and is confirmed once by the same medium', async () => {
    await receiveSms('STOP');
    await receiveSms('STOP', { effectiveAt: NOW.getTime() + 1_000 });
    expect(await suppressions()).toEqual([{ kind: 'phone', reason: 'stop', lifted: false }]);
    expect(await confirmations()).toEqual([
      { template_key: 'stop-confirmation', medium: 'sms', value: PHONE },
    ]);
    expect((await told(world, enrolmentId)).facts).toBeGreaterThan(0);
  });

  it('is obeyed though nobody knows whose it is, and not confirmed', async () => {
    await receiveSms('STOP', { from: '+447700900999' });
    expect(await suppressions()).toMatchObject([{ reason: 'stop' }]);
    expect(await confirmations()).toEqual([]);
  });

  it('of somebody who answers in another’s place bars the address that was written to as well', async () => {
    const contactId = await wrote(world);
    await receive(world, {
      from: 'colleague@example.test',
      text: 'stop',
      headers: { 'in-reply-to': `<${contactId}.${world.organisationId}@acme.example>` },
    });
    const rows = await world.rows<{ normalised: string }>('select normalised from suppression order by 1');
    expect(rows.map(({ normalised }) => normalised)).toEqual([EMAIL, 'colleague@example.test']);
  });

  it('is lifted by a start, which lifts nothing that a bounce placed', async () => {
    await receiveSms('STOP');
    await receiveSms('START', { effectiveAt: NOW.getTime() + 1_000 });
    expect(await suppressions()).toMatchObject([{ reason: 'stop', lifted: true }]);
    await world.run((scope) => suppress(scope, { kind: 'email', value: EMAIL, reason: 'bounced:smtp_550' }));
    await receive(world, { text: 'START' });
    expect(await suppressions()).toContainEqual({ kind: 'email', reason: 'bounced:smtp_550', lifted: false });
  });

  it('that is older than a start changes nothing, whenever it comes', async () => {
    await receiveSms('START');
    await receiveSms('STOP', { effectiveAt: NOW.getTime() - 1_000 });
    expect(await suppressions()).toEqual([]);
  });
});

describe('stops, starts, replies and receipts', () => {
  const seconds = (n: number) => NOW.getTime() + n * 1_000;
  const tell = async (contactId: string, code: string | null): Promise<void> => {
    const receipt: Receipt = {
      eventKey: `${contactId}/${code}`,
      organisationId: world.organisationId,
      contactId,
      providerId: null,
      kind: 'failed',
      byMachine: false,
      addressIsBad: true,
      code,
      effectiveAt: seconds(5),
    };
    await storeReceipts(database.app, 'fake', [receipt]);
    while ((await applyWaiting({ dataSource: database.app, system: database.system })) > 0);
  };

  it('come to one end in whatever order and however often they are applied', async () => {
    const ends = new Set<string>();
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 0, 1], { minLength: 7 });
    await fc.assert(
      fc.asyncProperty(order, async (turns) => {
        world = await anotherOrganisation(database);
        await withInvoice(world);
        await world.run((scope) => upsertCustomers(scope, [customer({ email: EMAIL, phone: PHONE })]));
        const contactId = await wrote(world, { medium: 'sms' });
        const messages = ['STOP', 'START', 'Which invoice?', 'STOP'].map((text, index) =>
          sms(text, { effectiveAt: seconds(index) }),
        );
        for (const turn of turns) {
          const message = messages[turn];
          if (message) await store(world, [message]);
          else await tell(contactId, '30006');
          await applyAll(world);
        }
        const standing = await world.rows(
          'select kind, medium, reason from suppression where lifted_at is null',
        );
        const kinds = await world.rows('select kind, count(*)::int from task group by kind order by kind');
        ends.add(
          JSON.stringify([standing, kinds, (await holds()).map(({ kind, expires_at: at }) => [kind, at])]),
        );
      }),
      { numRuns: 25 },
    );
    expect([...ends]).toEqual([
      JSON.stringify([
        [{ kind: 'phone', medium: 'sms', reason: 'failed:30006' }],
        [
          { kind: 'bad_address', count: 1 },
          { kind: 'reply', count: 1 },
        ],
        [['reply', new Date(NOW.getTime() + 3 * DAY)]],
      ]),
    ]);
  });
});

describe('a robot', () => {
  it('that is one of our own addresses, or sends our own message back, is not listened to', async () => {
    const contactId = await wrote(world);
    await receive(world, { from: 'AR@example.test' });
    await receive(world, { from: 'max@example.test' });
    await receive(world, { from: replyAddress('max@example.test', contactId) });
    await receive(world, {
      headers: { 'message-id': `<${contactId}.${world.organisationId}@acme.example>` },
    });
    expect(await inbound(world)).toEqual(Array(4).fill({ reading: 'ignored', by: null, customer: null }));
    expect([...(await tasks()), ...(await holds())]).toEqual([]);
  });
});

describe('a chat', () => {
  const block = (isBlocked: boolean, seconds: number) => ({
    eventKey: randomUUID(),
    organisationId: world.organisationId,
    medium: 'telegram' as const,
    address: CHAT,
    isBlocked,
    effectiveAt: NOW.getTime() + seconds * 1_000,
  });

  it('that is blocked is written to no more, and another address is asked for; unblocked it is open again', async () => {
    await store(world, [], [block(true, 0)]);
    await applyAll(world);
    expect(await suppressions()).toEqual([{ kind: 'telegram', reason: 'blocked', lifted: false }]);
    expect(await tasks()).toMatchObject([
      { kind: 'bad_address', brief: { kind: 'telegram', address: CHAT } },
    ]);
    await store(world, [], [block(false, 1)]);
    await applyAll(world);
    expect(await suppressions()).toMatchObject([{ lifted: true }]);
  });

  it('that was stopped as well stays closed when it is unblocked', async () => {
    await store(world, [], [block(true, 0)]);
    await receive(world, {
      medium: 'telegram',
      from: CHAT,
      text: '/stop',
      effectiveAt: NOW.getTime() - 1_000,
    });
    await store(world, [], [block(false, 1)]);
    await applyAll(world);
    expect((await suppressions()).filter(({ lifted }) => !lifted)).toMatchObject([{ reason: 'stop' }]);
  });

  it('that was opened before it was blocked is closed, in whatever order that is told', async () => {
    await store(world, [], [block(true, 2)]);
    await applyAll(world);
    await store(world, [], [block(false, 1)]);
    await applyAll(world);
    expect(await suppressions()).toMatchObject([{ lifted: false }]);
  });
});

describe('a chat that is opened by a link', () => {
  const BOT = 'acme_bot';
  const linkOf = async (externalId = 'C-1', from = world): Promise<string> => {
    const [row] = await from.rows<{ id: string }>(
      'select id from customer where external_id = $1',
      externalId,
    );
    const link = await from.run((scope) => telegramLink(scope, BOT, row?.id ?? '', 'main'));
    return new URL(link ?? '').searchParams.get('start') ?? '';
  };
  const open = (token: string, chat: string, seconds = 0) =>
    receive(world, {
      medium: 'telegram',
      from: chat,
      text: `/start ${token}`,
      effectiveAt: NOW.getTime() + seconds * 1_000,
    });
  const chats = () =>
    world.rows<{ value: string; status: string }>(
      `select value, status from contact_point where kind = 'telegram' order by value`,
    );

  it('becomes a contact point of that person, with the consent as evidence, and is greeted once', async () => {
    const token = await linkOf();
    expect(token).toMatch(/^[\w-]{1,64}$/);
    await open(token, '1234');
    await open(token, '1234', 1);
    expect(await chats()).toEqual([
      { value: '1234', status: 'active' },
      { value: CHAT, status: 'active' },
    ]);
    expect(await world.rows(`select state, medium, evidence ->> 'how' as how from consent`)).toEqual(
      Array(2).fill({ state: 'granted', medium: 'telegram', how: 'telegram_link' }),
    );
    expect(await confirmations()).toEqual([
      { template_key: 'telegram-greeting', medium: 'telegram', value: '1234' },
    ]);
    expect(await inbound(world)).toMatchObject([{ reading: 'opt_in', by: 'token', customer: 'C-1' }, {}]);
    expect((await told(world, enrolmentId)).facts).toBeGreaterThan(0);
  });

  it('is no other chat’s afterwards', async () => {
    const token = await linkOf();
    await open(token, '1234');
    await open(token, '5678', 1);
    expect((await chats()).map(({ value }) => value)).toEqual(['1234', CHAT]);
    expect(await inbound(world)).toMatchObject([
      { reading: 'opt_in' },
      { reading: 'ignored', customer: null },
    ]);
  });

  it('is nobody’s when the link is forged or of another organisation', async () => {
    const other = await anotherOrganisation(database);
    await other.run((scope) => upsertCustomers(scope, [customer({ email: EMAIL })]));
    const token = await linkOf();
    const forged = `${token.slice(0, -2)}${token.endsWith('A') ? 'BB' : 'AA'}`;
    for (const wrong of [forged, await linkOf('C-1', other), 'payload', 'u'.padEnd(60, 'A')])
      await open(wrong, '1234');
    expect((await chats()).map(({ value }) => value)).toEqual([CHAT]);
    expect([...(await confirmations()), ...(await suppressions())]).toEqual([]);
  });

  it('that was stopped before is open again', async () => {
    const token = await linkOf();
    const stop = { text: '/stop', effectiveAt: NOW.getTime() + 1_000 };
    await open(token, '1234');
    await receive(world, { medium: 'telegram', from: '1234', ...stop });
    expect(await suppressions()).toMatchObject([{ kind: 'telegram', reason: 'stop', lifted: false }]);
    await open(token, '1234', 2);
    expect(await suppressions()).toMatchObject([{ lifted: true }]);
  });
});

describe('the answer to a reply', () => {
  const complete = async (outcome: TaskOutcomeInput) => {
    const [task] = (await tasks()).filter(({ kind, state }) => kind === 'reply' && state === 'open');
    const result = await world.run((scope) => completeTask(scope, task?.id ?? '', outcome));
    if (isRefused(result)) throw new Error(result.message);
  };

  it('lets the outreach go on at once', async () => {
    await receive(world);
    await complete({ outcome: 'answered' });
    expect(await holds()).toMatchObject([{ kind: 'reply', released_at: NOW }]);
  });

  it('of one who says it is paid waits for the money, and has somebody look for it', async () => {
    await receive(world);
    await complete({ outcome: 'already_paid' });
    const until = new Date('2026-03-08T23:00:00Z');
    expect(await holds()).toMatchObject([
      { kind: 'reply', released_at: NOW },
      { kind: 'manual', expires_at: until, released_at: null },
    ]);
    expect(await tasks()).toMatchObject([{ kind: 'reply' }, { kind: 'check_payment', assignee: 'm' }]);
  });

  it('of a wrong person strikes the address out and asks for another', async () => {
    await receive(world);
    await complete({ outcome: 'wrong_person' });
    const points = await world.rows(`select status, reason from contact_point where kind = 'email'`);
    expect(points).toEqual([{ status: 'invalid', reason: 'wrong person' }]);
    expect(await tasks()).toMatchObject([{ kind: 'reply' }, { kind: 'bad_address' }]);
  });

  it('of one who promises, disputes, wants a call or a copy becomes what it says', async () => {
    await receive(world);
    await complete({ outcome: 'promise', amount: '100.00', promisedOn: '2026-03-10' });
    expect((await holds()).map(({ kind }) => kind)).toEqual(['reply', 'promise']);
    await receive(world);
    await complete({ outcome: 'dispute', reason: 'never ordered' });
    expect((await holds()).map(({ kind }) => kind)).toEqual(['reply', 'promise', 'reply', 'dispute']);
    await receive(world);
    await complete({ outcome: 'callback', at: '2026-03-03T10:00:00Z' });
    expect((await tasks()).at(-1)).toMatchObject({ kind: 'call', state: 'open' });
    await receive(world);
    await complete({ outcome: 'resend_invoice' });
    expect(await world.rows('select template_key from answer_request')).toEqual([
      { template_key: 'invoice-copy' },
    ]);
  });
});
