import type { Outcome } from '#channels/channel.js';
import { AMPLE, describeChannel, type ProviderSubject } from '#channels/channel.contract.js';
import { describeHttpChannel, describeProviderChannel } from '#channels/provider.contract.js';
import {
  aMessage,
  startTwilio,
  TWILIO_ACCOUNT,
  TWILIO_TOKEN,
  type Fault,
} from '#test/support/providers/index.js';
import { createTwilioChannel, type TwilioConfig } from './twilio.channel.js';

async function start(config: Partial<TwilioConfig> = {}): Promise<ProviderSubject> {
  const provider = await startTwilio();
  const channel = createTwilioChannel({
    accountSid: TWILIO_ACCOUNT,
    authToken: TWILIO_TOKEN,
    baseUrl: provider.url,
    statusCallbackUrl: 'https://kindly.example/webhooks/twilio?creditor=7',
    ...config,
  });
  return { provider, channel, stop: () => provider.stop() };
}

describeChannel('twilio', start);
describeProviderChannel('twilio', start);
describeHttpChannel('twilio', start);

describe('the Twilio channel', () => {
  let subject: ProviderSubject;
  beforeEach(async () => {
    subject = await start();
  });
  afterEach(() => subject.stop());
  const meet = (fault: Fault): Promise<Outcome> => {
    subject.provider.faults.next(fault);
    return subject.channel.send(aMessage('sms'), AMPLE);
  };

  it('sends the text, and the contact in the address of the status callback', async () => {
    const message = aMessage('sms');
    const outcome = await subject.channel.send(message, AMPLE);
    const [accepted] = subject.provider.accepted;
    expect(outcome).toEqual({ kind: 'accepted', providerId: accepted?.id });
    expect(accepted).toMatchObject({
      contactId: message.contactId,
      from: message.from.address,
      to: message.to.address,
      text: message.text,
    });
  });

  it('sends through a messaging service when the sender is one', async () => {
    const service = `MG${'a'.repeat(32)}`;
    await subject.channel.send(aMessage('sms', { from: { address: service } }), AMPLE);
    expect(subject.provider.accepted[0]?.from).toBe(service);
  });

  it.each([21211, 21217, 21265, 21610, 21614, 21635])('says that the number is bad on %i', async (code) => {
    const outcome = await meet({ kind: 'reject', status: 400, code, text: 'The number +15005550006 is bad' });
    expect(outcome).toEqual({ kind: 'rejected', code: String(code), addressIsBad: true });
  });

  it.each([21408, 21606, 21612, 30034])('says nothing of the number on %i', async (code) => {
    const outcome = await meet({ kind: 'reject', status: 400, code });
    expect(outcome).toEqual({ kind: 'rejected', code: String(code), addressIsBad: false });
  });

  it('takes a full queue of the sender for a rate limit', async () => {
    const outcome = await meet({ kind: 'reject', status: 400, code: 21611 });
    expect(outcome).toEqual({ kind: 'throttled', code: '21611', retryAfterMs: 60_000, wholeSender: true });
  });

  it.each(['<html>', '{}', '{"sid":5}', ''])(
    'does not know what became of a message accepted with %j',
    async (body) => {
      expect(await meet({ kind: 'answer', status: 201, body })).toEqual({
        kind: 'unknown',
        code: 'unreadable_answer',
      });
    },
  );

  it('refuses by status where the answer has no code', async () => {
    const outcome = await meet({ kind: 'answer', status: 404, body: 'not here' });
    expect(outcome).toEqual({ kind: 'rejected', code: 'http_404', addressIsBad: false });
  });

  it.each([
    [401, 20003],
    [403, undefined],
    [403, 20005],
  ])('has not reached anybody when Twilio answers %i, %s about the account', async (status, code) => {
    const outcome = await meet({ kind: 'reject', status, code });
    expect(outcome).toEqual({ kind: 'not_reached', code: `http_${String(status)}` });
  });

  it('tells the doctor of a token that is not of the account', async () => {
    const channel = createTwilioChannel({
      accountSid: TWILIO_ACCOUNT,
      authToken: 'wrong',
      baseUrl: subject.provider.url,
    });
    await expect(channel.check()).resolves.toMatchObject({ ok: false, detail: 'Twilio answered 401' });
  });

  it.each<[Partial<TwilioConfig>, RegExp]>([
    [{ accountSid: 'SK123' }, /accountSid must start with AC/],
    [{ statusCallbackUrl: 'kindly.example/hook' }, /^twilio: statusCallbackUrl/],
    [{ baseUrl: 'api.twilio.com' }, /^twilio: baseUrl/],
  ])('is not built with %j', (wrong, message) => {
    expect(() => createTwilioChannel({ accountSid: TWILIO_ACCOUNT, authToken: 'x', ...wrong })).toThrow(
      message,
    );
  });
});
