import type { Outcome } from '#channels/channel.js';
import {
  AMPLE,
  describeChannel,
  describeEmailChannel,
  SHORT,
  type ProviderSubject,
} from '#channels/channel.contract.js';
import { describeCopies } from '#channels/copies.contract.js';
import { meetingsOf, titled } from '#channels/faults.contract.js';
import { describeProviderChannel } from '#channels/provider.contract.js';
import {
  aMessage,
  SMTP_PASSWORD,
  SMTP_USER,
  startRaw,
  startSmtp,
  type Fault,
  type SmtpProviderOptions,
} from '#test/support/providers/index.js';
import { SMTP_FAULTS } from './smtp-faults.contract.js';
import { createSmtpChannel, type SmtpConfig } from './smtp.channel.js';

async function start(
  options: SmtpProviderOptions = {},
  config: Partial<SmtpConfig> = {},
): Promise<ProviderSubject> {
  const provider = await startSmtp(options);
  const channel = createSmtpChannel({ host: '127.0.0.1', port: provider.port, ...config });
  return { provider, channel, stop: () => provider.stop() };
}

const LOGIN = { user: SMTP_USER, password: SMTP_PASSWORD, requireTls: false };
const loggedIn = (): Promise<ProviderSubject> => start({ auth: true }, LOGIN);
const stepwise = (): Promise<ProviderSubject> => start({ auth: true, pipelining: false }, LOGIN);
const traits = { faults: SMTP_FAULTS, canBeAsked: false };

describeChannel('smtp', start);
describeEmailChannel('smtp', start);
describeProviderChannel('smtp', loggedIn, traits);
describeProviderChannel('smtp to a relay without pipelining', stepwise, traits);
describeCopies('smtp', loggedIn, SMTP_FAULTS);

async function meeting(
  fault: Fault,
  options?: SmtpProviderOptions,
  config?: Partial<SmtpConfig>,
): Promise<Outcome> {
  const { provider, channel, stop } = await start(options, config);
  provider.faults.next(fault);
  const outcome = await channel.send(aMessage('email'), AMPLE);
  await channel.close();
  await stop();
  return outcome;
}

describe('copies by SMTP', () => {
  const cc = [{ address: 'owner@example.com', name: 'Olga Öwner' }, { address: 'accounts@example.com' }];
  let subject: ProviderSubject;
  beforeEach(async () => {
    subject = await start();
  });
  afterEach(() => subject.stop());
  const sent = (): string[] => subject.provider.accepted.map(({ to }) => to);

  it('go out once the recipient has the message, and name everybody', async () => {
    const outcome = await subject.channel.send(aMessage('email', { cc }), AMPLE);
    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(sent()).toEqual(['debtor@example.com', 'owner@example.com,accounts@example.com']);
    const [message, copy] = subject.provider.accepted;
    expect(copy?.headers).toEqual(message?.headers);
    expect(message?.headers['cc']).toContain('owner@example.com');
  });

  it.each(titled(meetingsOf(SMTP_FAULTS)))(
    'change nothing of a message that was accepted when they meet %s',
    async (_, { fault, timeoutMs }) => {
      subject.provider.faults.next({ kind: 'accept' }, fault);
      const outcome = await subject.channel.send(aMessage('email', { cc }), timeoutMs ?? AMPLE);
      expect(outcome).toMatchObject({ kind: 'accepted' });
      expect(sent()[0]).toBe('debtor@example.com');
    },
  );
});

describe('the SMTP channel', () => {
  it('sends every part of a message under a Message-ID that names the contact', async () => {
    const { provider, channel, stop } = await start();
    const content = Buffer.from([0, 255, 1, 254]);
    const message = aMessage('email', {
      to: { address: 'debtor@example.com', name: 'Dörte "Dö" Müller' },
      subject: 'Счёт № 4711 — ' + 'sehr lang '.repeat(20).trim(),
      headers: { 'List-Unsubscribe': '<https://pay.example/u>' },
      attachments: [{ filename: 'Rechnung ü.pdf', contentType: 'application/pdf', content }],
    });
    const outcome = await channel.send(message, AMPLE);
    await channel.close();
    await stop();
    expect(outcome).toEqual({
      kind: 'accepted',
      providerId: `<${message.contactId}.organisation-1@creditor.example>`,
    });
    expect(provider.accepted[0]).toMatchObject({
      contactId: message.contactId,
      from: message.from.address,
      to: message.to.address,
      toName: message.to.name,
      subject: message.subject,
      text: message.text,
      html: message.html,
      headers: { 'list-unsubscribe': '<https://pay.example/u>' },
      attachments: [{ filename: 'Rechnung ü.pdf', contentType: 'application/pdf', content }],
    });
  });

  it('keeps lines that begin with a dot', async () => {
    const { provider, channel, stop } = await start();
    await channel.send(aMessage('email', { text: 'a\n.\n..b\nc' }), AMPLE);
    await channel.close();
    await stop();
    expect(provider.accepted[0]?.text).toBe('a\n.\n..b\nc');
  });

  it('waits as long as it was told after a temporary refusal', async () => {
    const outcome = await meeting({ kind: 'throttle' }, {}, { throttleWaitMs: 42_000 });
    expect(outcome).toEqual({ kind: 'throttled', code: 'smtp_451_4.7.1', retryAfterMs: 42_000 });
  });

  it('logs in, and has reached nobody when the login is refused', async () => {
    await expect(meeting({ kind: 'accept' }, { auth: true }, LOGIN)).resolves.toMatchObject({
      kind: 'accepted',
    });
    await expect(
      meeting({ kind: 'accept' }, { auth: true }, { ...LOGIN, password: 'wrong' }),
    ).resolves.toEqual({ kind: 'not_reached', code: 'EAUTH' });
  });

  it('gives no password to a relay without TLS', async () => {
    const outcome = await meeting(
      { kind: 'accept' },
      { auth: true },
      { user: SMTP_USER, password: SMTP_PASSWORD },
    );
    expect(outcome).toEqual({ kind: 'not_reached', code: 'ETLS' });
  });

  it('has not reached a relay whose certificate cannot be trusted', async () => {
    const outcome = await meeting({ kind: 'accept' }, { tls: true });
    expect(outcome).toMatchObject({ kind: 'not_reached' });
  });
});

describe('the SMTP channel before the message is written', () => {
  it.each<[string, Parameters<typeof startRaw>[0]]>([
    ['never greets', () => undefined],
    ['resets at once', (socket) => socket.resetAndDestroy()],
    ['closes at once', (socket) => socket.end()],
    ['greets and falls silent', (socket) => socket.write('220 hello\r\n')],
    ['greets half', (socket) => socket.end('22')],
    ['speaks something else', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('has not reached a relay that %s', async (_behaviour, onConnection) => {
    const server = await startRaw(onConnection);
    const channel = createSmtpChannel({ host: '127.0.0.1', port: server.port });
    const outcome = await channel.send(aMessage('email'), SHORT);
    await channel.close();
    await server.stop();
    expect(outcome).toMatchObject({ kind: 'not_reached' });
  });

  it('has not reached a relay that drops the connection after DATA and before 354', async () => {
    const server = await startRaw((socket) => {
      socket.write('220 hello\r\n');
      socket.on('data', (data) =>
        data.includes('DATA') ? socket.resetAndDestroy() : socket.write('250 ok\r\n'),
      );
    });
    const channel = createSmtpChannel({ host: '127.0.0.1', port: server.port });
    const outcome = await channel.send(aMessage('email'), AMPLE);
    await server.stop();
    expect(outcome).toEqual({ kind: 'not_reached', code: 'ECONNRESET' });
  });

  it('tells the doctor which of login and connection is at fault', async () => {
    const { channel, stop } = await start(
      { auth: true },
      { user: SMTP_USER, password: 'wrong', requireTls: false },
    );
    await expect(channel.check()).resolves.toMatchObject({
      ok: false,
      remedy: 'check SMTP user and password',
    });
    await channel.close();
    await stop();
  });
});
