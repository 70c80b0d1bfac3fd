import type { Channel } from '#channels/channel.js';
import { AMPLE, SHORT } from '#channels/channel.contract.js';
import { aMessage, startTwilio, TWILIO_ACCOUNT, TWILIO_TOKEN } from '#test/support/providers/index.js';
import type { HttpProvider } from '#test/support/providers/http-provider.js';
import { createTwilioChannel } from './twilio.channel.js';

describe('looking for a message at Twilio', () => {
  let provider: HttpProvider;
  let channel: Channel;
  beforeEach(async () => {
    provider = await startTwilio();
    channel = createTwilioChannel({
      accountSid: TWILIO_ACCOUNT,
      authToken: TWILIO_TOKEN,
      baseUrl: provider.url,
    });
  });
  afterEach(() => provider.stop());

  const message = aMessage('sms');
  const look = (overrides: { to?: string; text?: string; sentAt?: number; others?: string[] } = {}) =>
    channel.lookUp?.(
      {
        contactId: message.contactId,
        to: message.to.address,
        text: message.text,
        sentAt: Date.now(),
        ...overrides,
      },
      AMPLE,
    );

  it('does not take another recipient, an earlier message or a much later one for it', async () => {
    await channel.send(message, AMPLE);
    expect(await look({ to: '+15005550099' })).toEqual({ kind: 'absent' });
    expect(await look({ sentAt: Date.now() + 3_600_000 })).toEqual({ kind: 'absent' });
    expect(await look({ sentAt: Date.now() - 3_600_000 })).toEqual({ kind: 'unclear', code: 'other_time' });
    expect(await look({ sentAt: Date.now() - 3_600_000, text: 'Another invoice' })).toEqual({
      kind: 'absent',
    });
  });

  it('does not say that it is absent where Twilio may have changed its text', async () => {
    await channel.send(message, AMPLE);
    const [accepted] = provider.accepted;
    expect(await look({ text: 'Another invoice' })).toEqual({ kind: 'unclear', code: 'other_text' });
    expect(await look({ text: 'Another invoice', others: [accepted?.id ?? ''] })).toEqual({ kind: 'absent' });
  });

  it('does not take a message for it that is known to be another', async () => {
    await channel.send(aMessage('sms'), AMPLE);
    provider.faults.next({ kind: 'accept_then_reset' });
    await channel.send(message, AMPLE);
    const [other = '', own = ''] = provider.accepted.map(({ id }) => id);
    expect(await look({ others: [other] })).toEqual({ kind: 'found', providerId: own });
    expect(await look({ others: [own] })).toEqual({ kind: 'found', providerId: other });
    expect(await look({ others: [own, other] })).toEqual({ kind: 'absent' });
  });

  it('does not say that it is absent where it may be further down a list', async () => {
    await channel.send(aMessage('sms', { text: 'Another invoice' }), AMPLE);
    const [listed] = provider.accepted;
    const lookAt = async (next: string | null, sentAt: number) => {
      const messages = [{ sid: listed?.id, body: listed?.text, date_created: new Date().toUTCString() }];
      const body = JSON.stringify({ messages, next_page_uri: next });
      provider.lookUpFaults.next({ kind: 'answer', status: 200, body });
      return look({ sentAt, others: [listed?.id ?? ''] });
    };
    expect(await lookAt(null, Date.now())).toEqual({ kind: 'absent' });
    expect(await lookAt('/2010-04-01/next', Date.now())).toEqual({ kind: 'unclear', code: 'too_many' });
    expect(await lookAt('/2010-04-01/next', Date.now() + 3_600_000)).toEqual({ kind: 'absent' });
  });

  it('says that it is not clear when Twilio cannot be asked', async () => {
    const stranger = createTwilioChannel({
      accountSid: TWILIO_ACCOUNT,
      authToken: 'another-token',
      baseUrl: provider.url,
    });
    expect(
      await stranger.lookUp?.({ contactId: message.contactId, to: '+1', text: 'x', sentAt: 0 }, AMPLE),
    ).toEqual({
      kind: 'unclear',
      code: 'http_401',
    });
    await provider.refuse();
    expect(
      await channel.lookUp?.({ contactId: message.contactId, to: '+1', text: 'x', sentAt: 0 }, SHORT),
    ).toEqual({
      kind: 'unclear',
      code: 'ECONNREFUSED',
    });
    await provider.restore();
  });
});

describe('polling Twilio for a message', () => {
  let provider: HttpProvider;
  let channel: Channel;
  beforeEach(async () => {
    provider = await startTwilio();
    channel = createTwilioChannel({
      accountSid: TWILIO_ACCOUNT,
      authToken: TWILIO_TOKEN,
      baseUrl: provider.url,
    });
  });
  afterEach(() => provider.stop());
  const poll = (providerId: string) => {
    const { contactId, to, text } = aMessage('sms');
    return channel.poll?.({ contactId, to: to.address, text, sentAt: Date.now(), providerId }, AMPLE);
  };

  it.each([
    ['+15005550006', 'delivered', { kind: 'delivered', addressIsBad: false, code: null }],
    ['+15005550009', 'undelivered', { kind: 'failed', addressIsBad: true, code: '30005' }],
  ])('learns what became of one to %s', async (address, status, receipt) => {
    await channel.send(aMessage('sms', { to: { address } }), AMPLE);
    expect(await poll(provider.accepted[0]?.id ?? '')).toEqual({ kind: 'told', status, receipt });
  });

  it('learns nothing of one that Twilio does not know, and nothing clear where nobody answers', async () => {
    expect(await poll('SM0')).toEqual({ kind: 'nothing' });
    await provider.refuse();
    expect(await poll('SM0')).toEqual({ kind: 'unclear', code: 'ECONNREFUSED' });
    await provider.restore();
  });
});
