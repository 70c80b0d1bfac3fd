import type { Outcome } from '#channels/channel.js';
import { AMPLE, describeChannel, type ProviderSubject } from '#channels/channel.contract.js';
import { describeHttpChannel, describeProviderChannel } from '#channels/provider.contract.js';
import { aMessage, startTelegram, TELEGRAM_TOKEN, type Fault } from '#test/support/providers/index.js';
import { createTelegramChannel } from './telegram.channel.js';

async function start(): Promise<ProviderSubject> {
  const provider = await startTelegram();
  const channel = createTelegramChannel({ botToken: TELEGRAM_TOKEN, baseUrl: provider.url });
  return { provider, channel, stop: () => provider.stop() };
}

describeChannel('telegram', start);
describeProviderChannel('telegram', start);
describeHttpChannel('telegram', start);

describe('the Telegram channel', () => {
  let subject: ProviderSubject;
  beforeEach(async () => {
    subject = await start();
  });
  afterEach(() => subject.stop());
  const meet = (fault: Fault): Promise<Outcome> => {
    subject.provider.faults.next(fault);
    return subject.channel.send(aMessage('telegram'), AMPLE);
  };

  it('sends the text as it is, without reading any markup in it', async () => {
    const message = aMessage('telegram', { text: '<b>1 < 2</b> *not bold* _at all_' });
    await expect(subject.channel.send(message, AMPLE)).resolves.toEqual({
      kind: 'accepted',
      providerId: '1001',
    });
    expect(subject.provider.accepted[0]).toMatchObject({ to: message.to.address, text: message.text });
  });

  it.each([
    [403, 'Forbidden: bot was blocked by the user', 'bot_blocked'],
    [403, 'Forbidden: user is deactivated', 'user_deactivated'],
    [403, "Forbidden: bot can't initiate conversation with a user", 'never_started'],
    [403, 'Forbidden: bot was kicked from the group chat', 'bot_removed'],
    [400, 'Bad Request: chat not found', 'chat_not_found'],
    [400, 'Bad Request: PEER_ID_INVALID', 'chat_not_found'],
    [400, 'Bad Request: group chat was upgraded to a supergroup chat', 'chat_migrated'],
  ])('says that the chat is bad on %i %s', async (status, text, code) => {
    expect(await meet({ kind: 'reject', status, text })).toEqual({
      kind: 'rejected',
      code,
      addressIsBad: true,
    });
  });

  it.each([
    [400, 'Bad Request: message text is empty'],
    [403, 'Forbidden: something new'],
  ])('says nothing of the chat on %i %s', async (status, text) => {
    const code = `http_${String(status)}`;
    expect(await meet({ kind: 'reject', status, text })).toEqual({
      kind: 'rejected',
      code,
      addressIsBad: false,
    });
  });

  it.each([
    [401, 'Unauthorized'],
    [404, 'Not Found'],
  ])('has not reached Telegram with a token that it does not know: %i %s', async (status, text) => {
    const code = `http_${String(status)}`;
    expect(await meet({ kind: 'reject', status, text })).toEqual({ kind: 'not_reached', code });
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
