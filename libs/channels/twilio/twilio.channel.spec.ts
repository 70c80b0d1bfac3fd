import { AMPLE, describeChannel, type ProviderSubject } from '#channels/channel.contract.js';
import {
  describeHttpChannel,
  httpFaults,
  notReachedBy,
  rejectedBy,
  throttledBy,
} from '#channels/http/http.contract.js';
import { describeProviderChannel } from '#channels/provider.contract.js';
import { aMessage, startTwilio, TWILIO_ACCOUNT, TWILIO_TOKEN } from '#test/support/providers/index.js';
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

const FAULTS = httpFaults({
  bare: {
    400: rejectedBy('http_400'),
    401: notReachedBy('http_401'),
    403: notReachedBy('http_403'),
    404: rejectedBy('http_404'),
  },
  own: [
    ...[21211, 21217, 21265, 21610, 21614, 21635, 30005, 30006].map(
      (code) => [{ status: 400, code }, rejectedBy(String(code), true)] as const,
    ),
    ...[21408, 21606, 21612, 30034].map((code) => [{ status: 400, code }, rejectedBy(String(code))] as const),
    [{ status: 404, code: 20404 }, rejectedBy('20404')],
    [{ status: 400, code: 21611 }, throttledBy('21611')],
    [{ status: 401, code: 20003 }, notReachedBy('http_401')],
    [{ status: 403 }, notReachedBy('http_403')],
    [{ status: 403, code: 20005 }, notReachedBy('http_403')],
  ],
  nameless: [
    ...['', '<html>', 'null', '{}', '{"sid":5}', '{"sid":""}', '{"sid":"SM0'].map(
      (body) => [201, body] as const,
    ),
    [200, '{"message":"success"}'],
    [204, ''],
  ],
});

describeChannel('twilio', start);
describeProviderChannel('twilio', start, { faults: FAULTS, canBeAsked: true });
describeHttpChannel('twilio', start);

describe('the Twilio channel', () => {
  let subject: ProviderSubject;
  beforeEach(async () => {
    subject = await start();
  });
  afterEach(() => subject.stop());
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
