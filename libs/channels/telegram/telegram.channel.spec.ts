import { AMPLE, describeChannel, type ProviderSubject } from '#channels/channel.contract.js';
import { describeHttpChannel, httpFaults, notReachedBy, rejectedBy } from '#channels/http/http.contract.js';
import { describeProviderChannel } from '#channels/provider.contract.js';
import { aMessage, startTelegram, TELEGRAM_TOKEN } from '#test/support/providers/index.js';
import { createTelegramChannel } from './telegram.channel.js';

async function start(): Promise<ProviderSubject> {
  const provider = await startTelegram();
  const channel = createTelegramChannel({ botToken: TELEGRAM_TOKEN, baseUrl: provider.url });
  return { provider, channel, stop: () => provider.stop() };
}

const BAD_CHATS: [status: number, text: string, code: string][] = [
  [403, 'Forbidden: bot was blocked by the user', 'bot_blocked'],
  [403, 'Forbidden: user is deactivated', 'user_deactivated'],
  [403, "Forbidden: bot can't initiate conversation with a user", 'never_started'],
  [403, 'Forbidden: bot was kicked from the group chat', 'bot_removed'],
  [400, 'Bad Request: chat not found', 'chat_not_found'],
  [400, 'Bad Request: PEER_ID_INVALID', 'chat_not_found'],
  [400, 'Bad Request: group chat was upgraded to a supergroup chat', 'chat_migrated'],
];

const FAULTS = httpFaults({
  bare: {
    400: rejectedBy('http_400'),
    401: notReachedBy('http_401'),
    403: rejectedBy('http_403'),
    404: notReachedBy('http_404'),
  },
  own: [
    ...BAD_CHATS.map(([status, text, code]) => [{ status, text }, rejectedBy(code, true)] as const),
    [{ status: 400, text: 'Bad Request: message text is empty' }, rejectedBy('http_400')],
    [{ status: 403, text: 'Forbidden: something new' }, rejectedBy('http_403')],
    [{ status: 401, text: 'Unauthorized' }, notReachedBy('http_401')],
    [{ status: 404, text: 'Not Found' }, notReachedBy('http_404')],
  ],
  nameless: [
    ...['', '<html>', 'null', '{}', '{"ok":true}', '{"ok":true,"result":{}}'].map(
      (body) => [200, body] as const,
    ),
    [200, '{"ok":true,"result":{"message_id":"7"}}'],
    [200, '{"ok":true,"result":{"message_id":7'],
    [204, ''],
  ],
});

describeChannel('telegram', start);
describeProviderChannel('telegram', start, { faults: FAULTS, canBeAsked: false });
describeHttpChannel('telegram', start);

describe('the Telegram channel', () => {
  let subject: ProviderSubject;
  beforeEach(async () => {
    subject = await start();
  });
  afterEach(() => subject.stop());
  it('sends the text as it is, without reading any markup in it', async () => {
    const message = aMessage('telegram', { text: '<b>1 < 2</b> *not bold* _at all_' });
    await expect(subject.channel.send(message, AMPLE)).resolves.toEqual({
      kind: 'accepted',
      providerId: '1001',
    });
    expect(subject.provider.accepted[0]).toMatchObject({ to: message.to.address, text: message.text });
  });

  it('refuses a text longer than Telegram takes', async () => {
    const outcome = await subject.channel.send(aMessage('telegram', { text: 'x'.repeat(4_097) }), AMPLE);
    expect(outcome).toEqual({ kind: 'rejected', code: 'text_too_long', addressIsBad: false });
    expect(subject.provider.received).toBe(0);
  });

  it('tells the doctor of a token that Telegram does not know', async () => {
    const channel = createTelegramChannel({ botToken: 'wrong', baseUrl: subject.provider.url });
    await expect(channel.check()).resolves.toMatchObject({
      ok: false,
      detail: expect.not.stringContaining('wrong') as string,
    });
  });
});
