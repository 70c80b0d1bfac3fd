import type { Outcome } from '#channels/channel.js';
import {
  AMPLE,
  describeChannel,
  describeEmailChannel,
  type ProviderSubject,
} from '#channels/channel.contract.js';
import { describeHttpChannel, describeProviderChannel } from '#channels/provider.contract.js';
import { aMessage, SENDGRID_KEY, startSendgrid, type Fault } from '#test/support/providers/index.js';
import { createSendgridChannel } from './sendgrid.channel.js';

async function start(apiKey = SENDGRID_KEY): Promise<ProviderSubject> {
  const provider = await startSendgrid();
  const channel = createSendgridChannel({ apiKey, baseUrl: provider.url });
  return { provider, channel, stop: () => provider.stop() };
}

describeChannel('sendgrid', start);
describeEmailChannel('sendgrid', start);
describeProviderChannel('sendgrid', start);
describeHttpChannel('sendgrid', start);

describe('the SendGrid channel', () => {
  let subject: ProviderSubject;
  beforeEach(async () => {
    subject = await start();
  });
  afterEach(() => subject.stop());
  const meet = (fault: Fault): Promise<Outcome> => {
    subject.provider.faults.next(fault);
    return subject.channel.send(aMessage('email'), AMPLE);
  };

  it('sends every part of a message, and the contact with it', async () => {
    const content = Buffer.from([0, 255, 1, 254]);
    const message = aMessage('email', {
      to: { address: 'debtor@example.com', name: 'Dörte Müller, Geschäftsführung' },
      headers: { 'List-Unsubscribe': '<https://pay.example/u>' },
      attachments: [{ filename: 'Rechnung ü.pdf', contentType: 'application/pdf', content }],
    });
    const outcome = await subject.channel.send(message, AMPLE);
    expect(outcome).toEqual({ kind: 'accepted', providerId: 'sendgrid-message-1' });
    expect(subject.provider.accepted).toEqual([
      {
        provider: 'sendgrid',
        id: 'sendgrid-message-1',
        organisationId: 'organisation-1',
        receivedAt: expect.any(Number) as unknown,
        contactId: message.contactId,
        from: message.from.address,
        to: message.to.address,
        toName: message.to.name,
        subject: message.subject,
        text: message.text,
        html: message.html,
        headers: {
          ...message.headers,
          'Message-ID': `<${message.contactId}.${message.organisationId}@creditor.example>`,
        },
        attachments: [{ filename: 'Rechnung ü.pdf', contentType: 'application/pdf', content }],
      },
    ]);
  });

  it('has copies sent along with the message, in one call', async () => {
    const cc = [{ address: 'owner@example.com', name: 'Olga Öwner' }, { address: 'accounts@example.com' }];
    const outcome = await subject.channel.send(aMessage('email', { cc }), AMPLE);
    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(subject.provider.accepted).toMatchObject([
      { to: 'debtor@example.com', cc: ['owner@example.com', 'accounts@example.com'] },
    ]);
  });

  it('does not let a header of the message become one of the call', async () => {
    const message = aMessage('email', { headers: { Authorization: 'Bearer stolen', 'X-Ref': 'счёт' } });
    await expect(subject.channel.send(message, AMPLE)).resolves.toMatchObject({ kind: 'accepted' });
  });

  it('says that the address is bad when SendGrid finds the recipient at fault', async () => {
    const outcome = await meet({ kind: 'reject', status: 400, code: 'personalizations.0.to.0.email' });
    expect(outcome).toEqual({ kind: 'rejected', code: 'invalid_to', addressIsBad: true });
  });

  it.each([
    [400, 'from.email'],
    [413, undefined],
  ])('says nothing of the address when SendGrid answers %i about %s', async (status, code) => {
    const outcome = await meet({ kind: 'reject', status, code });
    expect(outcome).toEqual({ kind: 'rejected', code: `http_${String(status)}`, addressIsBad: false });
  });

  it.each([401, 403])('has not reached anybody when SendGrid answers %i about the key', async (status) => {
    const outcome = await meet({ kind: 'reject', status, code: 'from' });
    expect(outcome).toEqual({ kind: 'not_reached', code: `http_${String(status)}` });
  });

  it('waits until the second at which SendGrid lifts its limit', async () => {
    const reset = String(Math.ceil(Date.now() / 1_000) + 30);
    const outcome = await meet({
      kind: 'answer',
      status: 429,
      headers: { 'X-RateLimit-Reset': reset },
      body: '{}',
    });
    expect('retryAfterMs' in outcome && Math.abs(outcome.retryAfterMs - 30_000)).toBeLessThan(2_000);
  });

  it('accounts may differ between channels of one process', async () => {
    const other = createSendgridChannel({ apiKey: 'SG.other', baseUrl: subject.provider.url });
    const [mine, theirs] = await Promise.all([
      subject.channel.send(aMessage('email'), AMPLE),
      other.send(aMessage('email'), AMPLE),
    ]);
    expect([mine.kind, theirs]).toEqual(['accepted', { kind: 'not_reached', code: 'http_401' }]);
  });

  it('tells the doctor of a key that SendGrid does not know', async () => {
    const channel = createSendgridChannel({ apiKey: 'SG.wrong', baseUrl: subject.provider.url });
    await expect(channel.check()).resolves.toMatchObject({
      ok: false,
      detail: expect.stringContaining('401') as string,
    });
  });

  it('names itself when its base URL is none', () => {
    expect(() => createSendgridChannel({ apiKey: 'SG.x', baseUrl: 'api.sendgrid.com' })).toThrow(
      /^sendgrid: baseUrl/,
    );
  });
});
