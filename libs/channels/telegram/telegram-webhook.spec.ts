import { describeWebhook } from '#channels/webhook.contract.js';
import { telegramWebhook } from '#test/support/providers/index.js';
import { createTelegramWebhook } from './telegram-webhook.js';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const SECRET = 'a-secret-of-the-tests';
const ORGANISATION = '018f0000-0000-7000-8000-000000000001';
const reader = createTelegramWebhook({ secretToken: SECRET });

const HER = { id: 5_000_000_001, is_bot: false, first_name: 'Anna', last_name: 'Петрова' };
const CHAT = { id: 5_000_000_001, type: 'private' };
const message = (fields: Record<string, unknown> = {}) => ({
  update_id: 871_234,
  message: { message_id: 7, from: HER, chat: CHAT, date: NOW / 1_000, text: 'Я уже оплатила', ...fields },
});
const membership = (status: string, chat: unknown = CHAT) => ({
  update_id: 871_235,
  my_chat_member: { chat, from: HER, date: NOW / 1_000, new_chat_member: { status } },
});
const read = (update: unknown, query = `?organisation=${ORGANISATION}`) =>
  reader.read(telegramWebhook(update, SECRET, query), NOW);

describeWebhook('telegram', {
  reader,
  now: NOW,
  signed: () => telegramWebhook(message(), SECRET),
  header: 'x-telegram-bot-api-secret-token',
  coversBody: false,
});

describe('Telegram’s webhook', () => {
  it('brings what somebody wrote to the bot', async () => {
    expect(await read(message())).toEqual({
      kind: 'read',
      receipts: [],
      messages: [
        {
          eventKey: '871234',
          organisationId: ORGANISATION,
          medium: 'telegram',
          from: '5000000001',
          fromName: 'Anna Петрова',
          to: [],
          subject: null,
          text: 'Я уже оплатила',
          headers: {},
          attachments: [],
          effectiveAt: NOW,
        },
      ],
      blocks: [],
      ignored: 0,
    });
  });

  it('names no organisation where its address names none', async () => {
    expect(await read(message(), '?organisation=1')).toMatchObject({ messages: [{ organisationId: null }] });
  });

  it('brings a picture with its caption, and tells of the largest of its sizes', async () => {
    const photo = [{ file_size: 900 }, { file_size: 80_000 }];
    const told = message({ text: undefined, caption: 'Вот чек', photo });
    expect(await read(told)).toMatchObject({
      messages: [
        { text: 'Вот чек', attachments: [{ filename: 'photo', contentType: 'image/jpeg', bytes: 80_000 }] },
      ],
    });
  });

  it('brings a file without words', async () => {
    const document = { file_name: 'чек.pdf', mime_type: 'application/pdf', file_size: 12 };
    expect(await read(message({ text: undefined, document }))).toMatchObject({
      messages: [
        { text: '', attachments: [{ filename: 'чек.pdf', contentType: 'application/pdf', bytes: 12 }] },
      ],
    });
  });

  it.each([
    ['kicked', true],
    ['member', false],
  ])('takes %s for a person who blocked the bot: %s', async (status, isBlocked) => {
    expect(await read(membership(status))).toMatchObject({
      messages: [],
      blocks: [
        {
          eventKey: '871235',
          organisationId: ORGANISATION,
          medium: 'telegram',
          address: '5000000001',
          isBlocked,
          effectiveAt: NOW,
        },
      ],
      ignored: 0,
    });
  });

  it.each([
    ['of a group', message({ chat: { id: -100, type: 'supergroup' } })],
    ['of a channel', { update_id: 1, channel_post: { chat: { id: -1, type: 'channel' }, text: 'x' } }],
    ['of a bot', message({ from: { ...HER, is_bot: true } })],
    ['without words or a file', message({ text: undefined, sticker: {} })],
    ['without a moment', message({ date: 'soon' })],
    ['that was edited', { update_id: 1, edited_message: message().message }],
    ['of a group that it left', membership('kicked', { id: -100, type: 'group' })],
    ['of a membership of another kind', membership('toString')],
    ['of a kind of tomorrow', { update_id: 1, of_tomorrow: {} }],
  ])('makes nothing of an update %s, and counts it', async (_what, update) => {
    expect(await read(update)).toMatchObject({ receipts: [], messages: [], blocks: [], ignored: 1 });
  });

  it.each([Buffer.from('{'), Buffer.from('[]'), Buffer.from('null'), Buffer.from('{"update_id":"1"}')])(
    'says of a body that it cannot be read: %s',
    async (body) => {
      expect(await read(body)).toEqual({ kind: 'refused', reason: 'unreadable' });
    },
  );
});
