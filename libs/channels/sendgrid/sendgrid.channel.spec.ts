import type { Outcome } from '#channels/channel.js';
import {
  AMPLE,
  describeChannel,
  describeEmailChannel,
  type ProviderSubject,
} from '#channels/channel.contract.js';
import { describeCopies } from '#channels/copies.contract.js';
import { describeHttpChannel, httpFaults, notReachedBy, rejectedBy } from '#channels/http/http.contract.js';
import { describeProviderChannel } from '#channels/provider.contract.js';
import { aMessage, SENDGRID_KEY, startSendgrid, type Fault } from '#test/support/providers/index.js';
import { createSendgridChannel } from './sendgrid.channel.js';

async function start(apiKey = SENDGRID_KEY): Promise<ProviderSubject> {
  const provider = await startSendgrid();
  const channel = createSendgridChannel({ apiKey, baseUrl: provider.url });
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
    [{ status: 400, code: 'personalizations.0.to.0.email' }, rejectedBy('invalid_to', true)],
    [{ status: 400, code: 'personalizations.0.to' }, rejectedBy('invalid_to', true)],
    [{ status: 400, code: 'personalizations.0.cc.0.email' }, rejectedBy('http_400')],
    [{ status: 400, code: 'from.email' }, rejectedBy('http_400')],
    [{ status: 400 }, rejectedBy('http_400')],
    [{ status: 413 }, rejectedBy('http_413')],
    [{ status: 401, code: 'from' }, notReachedBy('http_401')],
    [{ status: 403, code: 'from' }, notReachedBy('http_403')],
    [{ status: 403, code: 'personalizations.0.to.0.email' }, notReachedBy('http_403')],
  ],
  // 200 is what SendGrid says of a message that is valid and was not queued.
  nameless: [
    [200, ''],
    [200, '<html>'],
    [200, '{"message":"success"}'],
    [204, ''],
  ],
});

describeChannel('sendgrid', start);
describeEmailChannel('sendgrid', start);
describeProviderChannel('sendgrid', start, { faults: FAULTS, canBeAsked: true });
describeCopies('sendgrid', start, FAULTS);
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

  it('does not let a header of the message become one of the call', async () => {
    const message = aMessage('email', { headers: { Authorization: 'Bearer stolen', 'X-Ref': 'счёт' } });
    await expect(subject.channel.send(message, AMPLE)).resolves.toMatchObject({ kind: 'accepted' });
  });

  it.each(['', '{"message":"success"}', '<html>'])(
    'names a message by its contact where a 202 with %j does not',
    async (body) => {
      subject.provider.faults.next({ kind: 'answer', status: 202, body });
      const message = aMessage('email');
      const outcome = await subject.channel.send(message, AMPLE);
      expect(outcome).toEqual({ kind: 'accepted', providerId: message.contactId });
    },
  );

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
