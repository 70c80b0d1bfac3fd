import { randomUUID } from 'node:crypto';
import { createWebhooks } from '#channels/webhooks.js';
import { applyWaitingInbound } from '#engine/inbound/index.js';
import type { WebhookRequest } from '#channels/receipt.js';
import { openDataSource } from '#store/data-source.js';
import { telegramWebhook, twilioWebhook } from '#test/support/providers/index.js';
import { openWorld, type World } from './campaigns-world.js';

const PUBLIC_URL = 'https://kindly.example';
const [TOKEN, SECRET] = ['a-token-of-the-tests', 'a-secret-of-the-tests'];
const PHONE = '+34910000001';

interface Listed {
  data: Record<string, unknown>[];
  next: string | null;
}

let world: World;
let applyAll: () => Promise<void>;
let close: () => Promise<void>;

beforeAll(async () => {
  let systemUrl = '';
  world = await openWorld({
    settings: (same) => {
      systemUrl = same.systemDatabaseUrl;
      return {
        ...same,
        publicUrl: PUBLIC_URL,
        telegramBot: 'acme_bot',
        webhooks: createWebhooks({ twilio: { authToken: TOKEN }, telegram: { secretToken: SECRET } }),
      };
    },
  });
  const system = await openDataSource({ url: systemUrl, role: 'system', poolSize: 1 });
  applyAll = async () => {
    while ((await applyWaitingInbound({ dataSource: world.dataSource, system })) > 0);
  };
  close = () => system.destroy();
  await world.publishCampaign('standard');
  const invoiceId = await world.invoice('INV-1');
  await world.enrol('INV-1', 'standard');
  await world.setClock('2013-01-26T09:00:00Z');
  await world.execute(invoiceId);
});
afterAll(async () => {
  await close();
  await world.close();
});

/** As the provider would: without a key of Kindly's. */
const call = ({ url, headers, body }: WebhookRequest) => {
  const { pathname, search } = new URL(url);
  return world.api.stranger.send<Record<string, unknown>>('POST', `${pathname}${search}`, {
    body,
    headers: headers as Record<string, string>,
  });
};

const query = () => `?organisation=${world.organisation.id}`;
const sms = (text: string, from = PHONE, sid = `SM${randomUUID()}`, token = TOKEN) =>
  call(
    twilioWebhook(
      `${PUBLIC_URL}/webhooks/twilio${query()}`,
      { MessageSid: sid, SmsStatus: 'received', From: from, To: '+34910000000', Body: text },
      token,
    ),
  );
const telegram = (update: Record<string, unknown>, secret = SECRET) =>
  call(telegramWebhook({ update_id: Math.floor(Math.random() * 1e9), ...update }, secret, query()));
const said = (text: string, chat = 4711) => ({
  message: {
    message_id: 1,
    date: Math.floor(Date.now() / 1_000),
    chat: { id: chat, type: 'private' },
    from: { id: chat, is_bot: false, first_name: 'Ann' },
    text,
  },
});

const conversation = async (search = '') =>
  (await world.admin.get<Listed>(`/v1/customers/ext:C-1/conversation${search}`)).body;
const replyTasks = async () => (await world.admin.get<Listed>('/v1/tasks?kind=reply&state=open')).body.data;

it('stores an SMS that a provider signed, once, and nothing that it did not sign', async () => {
  const sid = `SM${randomUUID()}`;
  expect(await sms('Which invoice?', PHONE, sid)).toMatchObject({ status: 200, body: '<Response/>' });
  expect(await sms('Which invoice?', PHONE, sid)).toMatchObject({ status: 200 });
  expect(await sms('Forged', PHONE, undefined, 'another-token')).toMatchObject({ status: 401 });
  await applyAll();
});

it('shows a conversation in the order in which it was said, page by page', async () => {
  const all = await conversation();
  expect(all.data).toMatchObject([
    { direction: 'out', medium: 'email', kind: 'reminder', address: 'ap@bakery.example' },
    { direction: 'in', medium: 'sms', reading: 'person', text: 'Which invoice?', address: PHONE },
  ]);
  const first = await conversation('?limit=1');
  const second = await conversation(`?limit=1&after=${first.next}`);
  expect([...first.data, ...second.data]).toEqual(all.data);
  expect((await conversation('?medium=telegram')).data).toEqual([]);
});

it('lets an agent answer what came, and the outreach go on', async () => {
  const [task] = await replyTasks();
  expect(task).toMatchObject({
    customerExternalId: 'C-1',
    brief: { messages: [{ text: 'Which invoice?' }] },
  });
  const holds = async () =>
    (await world.admin.get<Listed>('/v1/holds?customer=ext:C-1')).body.data.map(({ kind, state }) => [
      kind,
      state,
    ]);
  expect(await holds()).toEqual([['reply', 'active']]);
  const agent = await world.organisation.as('agent');
  const outcome = await agent.post(`/v1/tasks/${String(task?.['id'])}/outcome`, { outcome: 'answered' });
  expect(outcome).toMatchObject({ status: 200, body: { state: 'done' } });
  expect(await holds()).toEqual([['reply', 'released']]);
});

it('keeps what nobody can be told of until somebody says whose it is', async () => {
  await sms('I am the new accountant.', '+34910000999');
  await applyAll();
  const unmatched = async () =>
    (await world.admin.get<Listed>('/v1/inbound-messages?matched=false')).body.data;
  const [message] = await unmatched();
  expect(message).toMatchObject({ from: '+34910000999', customerId: null, reading: 'person' });
  const viewer = await world.organisation.as('viewer');
  const path = `/v1/inbound-messages/${String(message?.['id'])}/assign`;
  expect(await viewer.post(path, { customer: 'ext:C-1' })).toMatchObject({ status: 403 });
  const agent = await world.organisation.as('agent');
  expect(await agent.post(path, { customer: 'ext:C-9' })).toMatchObject({ status: 404 });
  expect(await agent.post(path, { customer: 'ext:C-1' })).toMatchObject({
    status: 200,
    body: { customerExternalId: 'C-1', matchedBy: 'person' },
  });
  expect(await unmatched()).toEqual([]);
  expect(await replyTasks()).toHaveLength(1);
});

it('never shows one organisation what another one got', async () => {
  const other = await world.api.organisation();
  expect((await other.admin.get<Listed>('/v1/inbound-messages')).body.data).toEqual([]);
  const [{ id } = {}] = (await world.admin.get<Listed>('/v1/inbound-messages')).body.data;
  expect(await other.admin.get(`/v1/inbound-messages/${String(id)}`)).toMatchObject({ status: 404 });
});

it('opens a chat by a link of the person, greets them, and closes it when they block the bot', async () => {
  const { body } = await world.admin.post<{ link: string }>(
    '/v1/customers/ext:C-1/people/main/telegram-link',
  );
  expect(body.link).toMatch(/^https:\/\/t\.me\/acme_bot\?start=[\w-]{60}$/);
  const token = new URL(body.link).searchParams.get('start') ?? '';
  expect(await telegram(said(`/start ${token}`), 'another')).toMatchObject({ status: 401 });
  await telegram(said(`/start ${token}`));
  await applyAll();
  const suppressed = async () =>
    (await world.admin.get<Listed>('/v1/suppressions?active=true')).body.data.map(({ kind, reason }) => [
      kind,
      reason,
    ]);
  expect((await conversation('?medium=telegram')).data).toMatchObject([
    { reading: 'opt_in', address: '4711' },
  ]);
  await telegram({
    my_chat_member: {
      date: Math.floor(Date.now() / 1_000),
      chat: { id: 4711, type: 'private' },
      from: { id: 4711 },
      new_chat_member: { status: 'kicked', user: { id: 1, is_bot: true } },
    },
  });
  await applyAll();
  expect(await suppressed()).toEqual([['telegram', 'blocked']]);
});

it('says that no bot is configured where none is, and that a person is not there', async () => {
  const link = (person: string) => world.admin.post(`/v1/customers/ext:C-1/people/${person}/telegram-link`);
  expect(await link('nobody')).toMatchObject({ status: 404 });
});

it('obeys a stop, and tells of it in the timeline of the invoice', async () => {
  await sms('STOP');
  await applyAll();
  const timeline = await world.admin.get<Listed>('/v1/invoices/ext:INV-1/timeline');
  const sentences = timeline.body.data.map(({ sentence }) => sentence);
  expect(sentences).toEqual(
    expect.arrayContaining(['A person wrote by SMS.', 'They asked for no more messages by SMS.']),
  );
});

it('lets an admin say for how long a reply pauses', async () => {
  const patch = (replyPause: string) =>
    world.admin.patch<Record<string, unknown>>('/v1/organisations/current', { replyPause });
  expect((await world.admin.get('/v1/organisations/current')).body).toMatchObject({ replyPause: 'P3D' });
  expect(await patch('PT36H')).toMatchObject({ status: 200, body: { replyPause: 'PT36H' } });
  for (const wrong of ['-P1D', 'P31D', 'P0D', 'soon', 'P999999999Y'])
    expect(await patch(wrong)).toMatchObject({ status: 400 });
});
