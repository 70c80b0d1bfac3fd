import type { Channel, Message, Outcome } from '#channels/channel.js';
import { composeEmail, messageIdOf } from '#channels/email/compose-email.js';
import { refusalOf } from '#channels/message-check.js';
import { outcomeOfSmtp } from '#channels/smtp/smtp-outcome.js';
import { SmtpSession } from '#channels/smtp/smtp-session.js';

export interface SmtpConfig {
  host: string;
  port: number;
  /** TLS from the first byte (port 465). Otherwise STARTTLS is used where the server offers it. */
  secure?: boolean;
  /** Send nothing without TLS. True unless told wherever there is a password. */
  requireTls?: boolean;
  user?: string;
  password?: string;
  /** Milliseconds for name look-up, TCP and TLS; 10 s unless told. */
  connectTimeoutMs?: number;
  /** Milliseconds until the server's greeting; 10 s unless told. */
  greetingTimeoutMs?: number;
  /** Milliseconds of silence at any later stage; 30 s unless told. */
  socketTimeoutMs?: number;
  /** For `check()`; 10 s unless told. */
  checkTimeoutMs?: number;
  /** The wait after a 4yz reply, which names none; five minutes unless told, what greylisting asks for as a rule. */
  throttleWaitMs?: number;
}

const SECOND = 1_000;

/** E-mail through a relay, one connection a message. The name of a message is its own Message-ID. */
export function createSmtpChannel(config: SmtpConfig): Channel {
  const channel = { provider: 'smtp', media: ['email'], external: true } as const;
  const open = new Set<SmtpSession>();
  const begin = (timeoutMs: number): SmtpSession => {
    const session = new SmtpSession(connectionOptions(config, timeoutMs), timeoutMs);
    open.add(session);
    return session;
  };
  return {
    ...channel,
    send: async (message, timeoutMs) => {
      const refusal = refusalOf(message, channel);
      if (refusal) return refusal;
      const endsAt = performance.now() + timeoutMs;
      const raw = await composeEmail(message);
      const left = endsAt - performance.now();
      if (left <= 0) return { kind: 'not_reached', code: 'timeout' };
      const session = begin(left);
      return deliver(session, message, raw, config).finally(() => open.delete(session));
    },
    check: async () => {
      const session = begin(config.checkTimeoutMs ?? 10 * SECOND);
      return checkRelay(session, config).finally(() => open.delete(session));
    },
    close: () => {
      for (const session of open) session.destroy();
      return Promise.resolve();
    },
  };
}

function connectionOptions(
  config: SmtpConfig,
  timeoutMs: number,
): ConstructorParameters<typeof SmtpSession>[0] {
  const within = (configured: number | undefined, standard: number): number =>
    Math.max(1, Math.min(configured ?? standard, timeoutMs));
  return {
    host: config.host,
    port: config.port,
    secure: config.secure ?? false,
    requireTLS: !config.secure && (config.requireTls ?? config.password !== undefined),
    connectionTimeout: within(config.connectTimeoutMs, 10 * SECOND),
    dnsTimeout: within(config.connectTimeoutMs, 10 * SECOND),
    greetingTimeout: within(config.greetingTimeoutMs, 10 * SECOND),
    socketTimeout: within(config.socketTimeoutMs, 30 * SECOND),
  };
}

const credentialsOf = ({ user, password }: SmtpConfig): { user: string; pass: string } | undefined =>
  user === undefined ? undefined : { user, pass: password ?? '' };

async function deliver(
  session: SmtpSession,
  message: Message,
  raw: Buffer,
  config: SmtpConfig,
): Promise<Outcome> {
  try {
    await session.open(credentialsOf(config));
    await session.deliver(message.from.address, [message.to.address], raw);
    await sendCopies(session, message, raw);
    session.quit();
    return { kind: 'accepted', providerId: messageIdOf(message) };
  } catch (error) {
    session.destroy();
    return outcomeOfSmtp(error, session.bodyStarted, config.throttleWaitMs ?? 300 * SECOND);
  }
}

/**
 * The same bytes again, by themselves and only once the recipient has them: a refused copy must not stop the message, and a
 * copy must never be all that went out. The message is accepted, whatever becomes of this.
 */
async function sendCopies(session: SmtpSession, { from, cc }: Message, raw: Buffer): Promise<void> {
  if (!cc?.length) return;
  const copies = cc.map(({ address }) => address);
  await session.deliver(from.address, copies, raw).catch(() => undefined);
}

async function checkRelay(session: SmtpSession, config: SmtpConfig): ReturnType<Channel['check']> {
  const relay = `${config.host}:${String(config.port)}`;
  try {
    await session.open(credentialsOf(config));
    session.quit();
    const login = config.user === undefined ? 'without a login' : 'with the login';
    return {
      ok: true,
      detail: `${relay} takes mail ${login}, ${session.secured ? 'over TLS' : 'unencrypted'}`,
    };
  } catch (error) {
    session.destroy();
    const outcome = outcomeOfSmtp(error, false, 0);
    const detail = `${relay} cannot be used (${outcome.kind === 'accepted' ? '' : outcome.code})`;
    const remedy =
      outcome.kind === 'not_reached' && outcome.code !== 'EAUTH'
        ? 'check SMTP host, port and TLS, and that this host may reach them'
        : 'check SMTP user and password';
    return { ok: false, detail, remedy };
  }
}
