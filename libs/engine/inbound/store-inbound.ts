import type { DataSource } from 'typeorm';
import type { Block, ReceivedMessage } from '#channels/receipt.js';
import { formatInstant } from '#domain/instant.js';
import { type MessageMedium, POINT_OF } from '#domain/medium.js';
import { withOrganisation } from '#store/with-organisation.js';
import { normalisePoint } from '../facts/normalise.js';
import { organisationOf } from './organisation-of.js';

/** Wakes whoever applies messages that came in; delivered with the commit. */
export const INBOUND_CHANNEL = 'kindly_inbound';

export interface InboundSources {
  /** Of the role `app`. */
  app: DataSource;
  /** Of the role `system`: whose a message is that names no organisation. */
  system: DataSource;
}

export interface StoredInbound {
  stored: number;
  /** Given before. */
  repeated: number;
  /** Of no organisation that anybody could name. */
  strange: number;
}

/** What somebody wrote, and that somebody blocked a bot or let it write again. */
export interface InboundNews {
  messages: readonly ReceivedMessage[];
  blocks?: readonly Block[];
}

const STORE = `
  with told as (
    select * from jsonb_to_recordset($2) as r("eventKey" text, kind text, medium text, sender text, "senderName" text,
      recipients text[], subject text, body text, headers jsonb, attachments jsonb, "effectiveAt" timestamptz)
    where exists (select from organisation o where o.id = $1)
  ), stored as (
    insert into inbound_message (organisation_id, provider, event_key, kind, medium, sender, sender_name, recipients,
                                 subject, body, headers, attachments, effective_at)
    select $1, $3, "eventKey", kind, medium, sender, "senderName", recipients, subject, body, headers, attachments,
           "effectiveAt"
    from told order by "eventKey"
    on conflict (organisation_id, provider, event_key) do nothing
    returning 1
  )
  select (select count(*) from stored)::int as stored, (select count(*) from told)::int as told,
    (select count(pg_notify('${INBOUND_CHANNEL}', '')) from (select from stored limit 1) one)`;

/**
 * Stores what came in, each once, in one transaction an organisation; nothing is made of it yet. When it returns, all
 * of it is committed: then the provider may be answered, or the mailbox told that it was read.
 */
export async function storeInbound(
  sources: InboundSources,
  provider: string,
  { messages, blocks = [] }: InboundNews,
): Promise<StoredInbound> {
  const result: StoredInbound = { stored: 0, repeated: 0, strange: 0 };
  const rows = new Map<string, Row[]>();
  for (const each of [...messages.map(toMessage), ...blocks.map(toBlock)]) {
    const organisationId = await organisationOf(sources.system, each.source);
    if (organisationId === null) result.strange += 1;
    else rows.set(organisationId, [...(rows.get(organisationId) ?? []), each.row]);
  }
  for (const [organisationId, all] of rows) await storeOf(sources.app, provider, organisationId, all, result);
  return result;
}

async function storeOf(
  app: DataSource,
  provider: string,
  organisationId: string,
  all: readonly Row[],
  result: StoredInbound,
): Promise<void> {
  const once = [...new Map(all.map((row) => [row.eventKey, row])).values()];
  const values = [organisationId, JSON.stringify(once), provider];
  const [row] = await withOrganisation(
    app,
    organisationId,
    (manager) => manager.query<{ stored: number; told: number }[]>(STORE, values),
    { retry: true },
  );
  const { stored = 0, told = 0 } = row ?? {};
  result.stored += stored;
  result.strange += once.length - told;
  result.repeated += all.length - once.length + told - stored;
}

interface Row {
  eventKey: string;
  kind: 'message' | 'blocked' | 'unblocked';
  medium: MessageMedium;
  sender: string;
  senderName: string | null;
  recipients: string[];
  subject: string | null;
  body: string;
  headers: Record<string, string>;
  attachments: object[];
  effectiveAt: string;
}

type Source = Pick<ReceivedMessage, 'organisationId' | 'headers' | 'to' | 'medium' | 'text'>;

const toMessage = (message: ReceivedMessage): { source: Source; row: Row } => ({
  source: message,
  row: {
    eventKey: message.eventKey,
    kind: 'message',
    medium: message.medium,
    sender: addressOf(message.medium, message.from),
    senderName: message.fromName === null ? null : storable(message.fromName, 200),
    recipients: message.to.slice(0, 50).map((each) => storable(each, 320)),
    subject: message.subject === null ? null : storable(message.subject, 1_000),
    body: storable(message.text, 100_000),
    headers: keptHeaders(message.headers),
    attachments: message.attachments.slice(0, 50).map(({ filename, contentType, bytes }) => ({
      filename: storable(filename, 255),
      contentType: storable(contentType, 255),
      bytes,
    })),
    effectiveAt: formatInstant(message.effectiveAt),
  },
});

const toBlock = (block: Block): { source: Source; row: Row } => ({
  source: { organisationId: block.organisationId, medium: block.medium, headers: {}, to: [], text: '' },
  row: {
    eventKey: block.eventKey,
    kind: block.isBlocked ? 'blocked' : 'unblocked',
    medium: block.medium,
    sender: addressOf(block.medium, block.address),
    senderName: null,
    recipients: [],
    subject: null,
    body: '',
    headers: {},
    attachments: [],
    effectiveAt: formatInstant(block.effectiveAt),
  },
});

/** As contact points have it. A sender without a digit, as the name of a bank, stays as it is. */
const addressOf = (medium: MessageMedium, from: string): string =>
  storable(medium === 'sms' && !/\d/.test(from) ? from : normalisePoint(POINT_OF[medium], from), 320);

/** PostgreSQL keeps no NUL, and JSON of it no half of a character. */
const storable = (text: string, length: number): string =>
  Buffer.from(text.slice(0, length)).toString().replaceAll('\0', '');

/** What tells which message is answered, and a person from a machine; of the rest, as how it travelled, nothing. */
const KEPT =
  /^(message-id|in-reply-to|references|reply-to|return-path|from|date|auto-submitted|precedence|list-id|list-unsubscribe|x-.*(auto|loop|vacation|failed|original).*|content-type|feedback-id)$/;

const keptHeaders = (headers: ReceivedMessage['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => KEPT.test(name))
      // Of many references the last are the nearest.
      .map(([name, value]) => [name, storable(value.slice(-4_000), 4_000)]),
  );
