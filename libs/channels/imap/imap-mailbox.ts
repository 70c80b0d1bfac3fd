import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FetchMessageObject, ImapFlow, type SearchObject } from 'imapflow';
import type { ChannelCheck } from '#channels/channel.js';
import { codeIn } from '#channels/failure.js';
import type { Mailbox, OpenMailbox } from '#channels/mail/index.js';

export interface ImapConfig {
  host: string;
  port: number;
  /** TLS from the first byte (port 993). Otherwise STARTTLS, which the server then has to offer. */
  secure: boolean;
  /** Without, the password may go over the wire as it is: for a server on the same host only. */
  requireTls: boolean;
  user: string;
  password: string;
  /** `INBOX` as a rule. */
  folder: string;
  /** Whose mail all of it is. */
  organisationId?: string;
  /** Bytes; a larger mail is left to a person. 32 MB unless told. */
  largest?: number;
  /** Milliseconds for everything until the server greets; 20 s unless told. */
  connectTimeoutMs?: number;
}

const MEGABYTE = 1_000_000;
/** As often a server is asked that cannot tell by itself. */
const POLL_MS = 60_000;
const CHECK_MS = 30_000;
/** Longer than the pause between two commands, else each of them is interrupted by waiting for news. */
const IDLE_AFTER_MS = 250;

/** A mailbox over IMAP (RFC 3501), which tells of new mail at once where the server can (IDLE, RFC 2177). */
export function createImapMailbox(config: ImapConfig): Mailbox {
  const { user, host, folder, organisationId } = config;
  const refusals = new Map<string, number>();
  const open = async (signal: AbortSignal): Promise<OpenMailbox> => {
    signal.throwIfAborted();
    const client = clientOf(config);
    const end = (): void => client.close();
    signal.addEventListener('abort', end, { once: true });
    client.once('close', () => signal.removeEventListener('abort', end));
    // What breaks a connection reaches whoever uses it next; unheard, it would end the process.
    client.on('error', () => undefined);
    let isConnected = false;
    try {
      await client.connect();
      isConnected = true;
      const { uidValidity, uidNext } = await client.mailboxOpen(folder);
      const counts = { uidValidity: Number(uidValidity), uidNext: uidNext || (await uidBehind(client)) };
      return openMailbox(client, counts, config.largest ?? 32 * MEGABYTE, refusals);
    } catch (error) {
      client.close();
      throw failureOf(error, isConnected);
    }
  };
  return {
    name: `${user} at ${host}, ${folder}`,
    organisationId: organisationId ?? null,
    open,
    check: () => check(config, open),
  };
}

/** What the client tells by a property alone gets a code of its own, for logs and for the doctor. */
class ImapFailure extends Error {
  override name = 'ImapFailure';
  constructor(readonly code: keyof typeof REMEDIES) {
    super(REMEDIES[code]);
  }
}

const REMEDIES = {
  AUTHENTICATIONFAILED:
    'check IMAP_USER and IMAP_PASSWORD; many providers want a password of the application’s own',
  NONEXISTENT: 'check IMAP_FOLDER: the server opens no such folder',
  NO_STARTTLS:
    'the server offers no STARTTLS: use its port with TLS (993), or IMAP_REQUIRE_TLS=false where it is on this host',
  ERR_SSL_WRONG_VERSION_NUMBER:
    'the server speaks no TLS from the first byte on this port: check IMAP_PORT and IMAP_SECURE',
} as const;

/** For a while, and not of this mail (RFC 5530; Gmail's and Outlook's throttling). */
const FOR_A_WHILE = new Set(['UNAVAILABLE', 'LIMIT', 'INUSE', 'OVERQUOTA', 'THROTTLED']);

/** Servers refuse without a code what they cannot give for a moment: only what is refused so often is taken for damaged. */
const REFUSALS = 4;

const isRefusal = (error: unknown): boolean =>
  (has(error, 'responseStatus', 'NO') || has(error, 'responseStatus', 'BAD')) &&
  !has(error, 'code', 'ETHROTTLE') &&
  !FOR_A_WHILE.has(responseCodeOf(error) ?? '');

/** The code of a response (`[UNAVAILABLE]`); the client names it for some commands, and leaves that of others in what it parsed. */
function responseCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { serverResponseCode: named, response } = error as {
    serverResponseCode?: unknown;
    response?: { attributes?: { section?: { value?: unknown }[] }[] };
  };
  const code = named ?? response?.attributes?.[0]?.section?.[0]?.value;
  return typeof code === 'string' ? code.toUpperCase() : undefined;
}

const has = (error: unknown, property: string, value: unknown): boolean =>
  typeof error === 'object' && error !== null && Reflect.get(error, property) === value;

function failureOf(error: unknown, isConnected: boolean): unknown {
  if (has(error, 'authenticationFailed', true)) return new ImapFailure('AUTHENTICATIONFAILED');
  if (isConnected && (has(error, 'mailboxMissing', true) || responseCodeOf(error) === 'NONEXISTENT'))
    return new ImapFailure('NONEXISTENT');
  if (has(error, 'tlsFailed', true) && codeIn(error) === undefined) return new ImapFailure('NO_STARTTLS');
  return error;
}

const clientOf = (config: ImapConfig): ImapFlow =>
  new ImapFlow({
    host: config.host,
    port: config.port,
    secure: config.secure,
    ...(config.secure ? {} : config.requireTls ? { doSTARTTLS: true } : {}),
    auth: { user: config.user, pass: config.password },
    clientInfo: { name: 'Kindly' },
    logger: false,
    autoIdleDelay: IDLE_AFTER_MS,
    maxIdleTime: POLL_MS,
    connectionTimeout: config.connectTimeoutMs ?? 20_000,
    greetingTimeout: config.connectTimeoutMs ?? 20_000,
    socketTimeout: 2 * POLL_MS,
    maxLiteralSize: 4 * (config.largest ?? 32 * MEGABYTE),
  });

/** For servers that do not say at once (RFC 3501, 6.3.1). */
async function uidBehind(client: ImapFlow): Promise<number> {
  const last = await client.search({ uid: '*' }, { uid: true });
  return ((last || []).at(-1) ?? 0) + 1;
}

function openMailbox(
  client: ImapFlow,
  counts: Pick<OpenMailbox, 'uidValidity' | 'uidNext'>,
  largest: number,
  refusals: Map<string, number>,
): OpenMailbox {
  // Also heard while nobody waits: mail that comes during a search is no news to it.
  let hasCome = false;
  client.on('exists', () => (hasCome = true));
  const search = async (query: SearchObject): Promise<number[]> => {
    hasCome = false;
    const found = await client.search(query, { uid: true });
    if (!Array.isArray(found)) throw new Error('The mailbox could not be searched.');
    return found.sort((a, b) => a - b);
  };
  const fetch = (uid: number, query: { source?: true; size?: true }): Promise<FetchMessageObject | false> =>
    client.fetchOne(String(uid), query, { uid: true });
  // The client reports a lost connection here by `false`; a folder that cannot be written to does not keep it from being read.
  const flag = async (uid: number, flags: string[]): Promise<boolean> => {
    const isDone = await client.messageFlagsAdd(String(uid), flags, { uid: true });
    if (!isDone && !client.usable) throw new Error('The connection was lost.');
    return isDone;
  };
  /** Refused again and again, while the server knows of it. */
  const isDamaged = async (uid: number): Promise<boolean> => {
    const key = `${String(counts.uidValidity)}/${String(uid)}`;
    const times = (refusals.get(key) ?? 0) + 1;
    refusals.set(key, times);
    if (times < REFUSALS || !(await fetch(uid, { size: true }))) return false;
    return refusals.delete(key);
  };
  return {
    ...counts,
    // `n:*` always holds the last mail, whatever its number is.
    after: async (uid) => (await search({ uid: `${String(uid + 1)}:*` })).filter((each) => each > uid),
    since: (day, onlyUnseen) => search(onlyUnseen ? { since: day, seen: false } : { since: day }),
    read: async (uid) => {
      try {
        const head = await fetch(uid, { size: true });
        if (!head) return 'gone';
        if ((head.size ?? 0) > largest) return 'too_large';
        const { source } = (await fetch(uid, { source: true })) || {};
        // `false` where the server says NIL, against its own types.
        return source || ((await fetch(uid, { size: true })) ? 'unreadable' : 'gone');
      } catch (error) {
        // A mail that its server cannot give must not hold up those behind it for ever.
        if (client.usable && isRefusal(error) && (await isDamaged(uid))) return 'unreadable';
        throw error;
      }
    },
    markTaken: (uid) => flag(uid, ['\\Seen']),
    putAside: (uid) => flag(uid, ['\\Flagged']),
    news: async (signal, timeoutMs) => {
      if (hasCome || !client.usable) return;
      const over = new AbortController();
      const either = { signal: AbortSignal.any([signal, over.signal]) };
      const first = [
        once(client, 'exists', either),
        once(client, 'close', either),
        sleep(timeoutMs, null, either),
      ];
      await Promise.race(first.map((each) => each.catch(() => undefined)));
      over.abort();
    },
    close: async () => {
      await client.logout().catch(() => undefined);
      client.close();
    },
  };
}

async function check(config: ImapConfig, open: Mailbox['open']): Promise<ChannelCheck> {
  const server = `${config.host}:${String(config.port)}`;
  try {
    const mailbox = await open(AbortSignal.timeout(CHECK_MS));
    await mailbox.close();
    return { ok: true, detail: `${server} lets ${config.user} read ${config.folder}` };
  } catch (error) {
    const code = codeIn(error) ?? 'no code';
    const remedy = Object.hasOwn(REMEDIES, code)
      ? REMEDIES[code as keyof typeof REMEDIES]
      : 'check IMAP_HOST, IMAP_PORT and TLS, and that this host may reach them';
    const detail = `${server} cannot be read (${code})`;
    return { ok: false, detail, remedy };
  }
}
