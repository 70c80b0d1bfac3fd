import type { ReceiptKind } from '#domain/delivery.js';
import type { Instant } from '#domain/instant.js';
import type { MessageMedium } from '#domain/medium.js';
import type { InboundMessage } from './inbound.js';

/** What a provider tells of a message it took, reduced to what the ledger keeps: no address, no words of the provider's. */
export interface Receipt {
  /** The provider's name of this telling: the same when it tells it again. Unique within the provider. */
  eventKey: string;
  /** As the message carried them; the signature covers them. Null where the provider carries none. */
  organisationId: string | null;
  contactId: string | null;
  /**
   * Which of its recipients it tells of, as SHA-256 of the address in lower case, in hexadecimal digits; left out where a message
   * has one only. Compared with those of the copies, and not kept.
   */
  recipientHash?: string;
  /** The provider's name of the message. */
  providerId: string | null;
  kind: ReceiptKind;
  /** Opened or clicked by a scanner, a proxy or a prefetcher. */
  byMachine: boolean;
  /** It will fail again for whatever is sent there: the address is to be suppressed. */
  addressIsBad: boolean;
  /** A machine's word: `21610`, `smtp_550_5.1.1`, `spam_report`. */
  code: string | null;
  effectiveAt: Instant;
}

/** The request as it arrived. */
export interface WebhookRequest {
  /** Whole, as the provider called it: the public origin with path and query. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** Not parsed yet: signatures are over these bytes. */
  body: Buffer;
}

/** A message that came in. The organisation is the one that the signed request names; null where it names none. */
export type ReceivedMessage = InboundMessage & { organisationId: string | null };

/** A person told the provider to let nothing of ours through any more, or let it through again. */
export interface Block {
  eventKey: string;
  organisationId: string | null;
  medium: MessageMedium;
  /** As the ledger's contact point has it: for Telegram the chat's id. */
  address: string;
  isBlocked: boolean;
  effectiveAt: Instant;
}

/** What a webhook brought, each kind in the order in which it was told. */
export interface WebhookNews {
  receipts: Receipt[];
  messages: ReceivedMessage[];
  blocks: Block[];
  /** Events of kinds that nothing is made of. */
  ignored: number;
}

export type WebhookReading =
  /** Not signed by the provider, too old, or nothing that it would send: nothing of it may be believed or kept. */
  { kind: 'refused'; reason: 'signature' | 'too_old' | 'unreadable' } | ({ kind: 'read' } & WebhookNews);

/** One provider's webhook: believes nothing that it did not sign. Pure but for the clock. */
export interface WebhookReader {
  readonly provider: string;
  /** Whose receipts it brings where they are another's: mail tells what became of what went out by SMTP. */
  readonly receiptsOf?: string;
  /** The most bytes that a request may have, where that is more than events take. */
  readonly bodyLimit?: number;
  /** Refuses what would be refused whatever its body is, before that is read; absent where nothing would. */
  refusesUnread?(request: Omit<WebhookRequest, 'body'>): boolean;
  /** What it wants to be answered once everything is stored, where it reads that. */
  readonly answer?: { contentType: string; body: string };
  /** @param now real time: signatures are for now, whatever an organisation's clock says */
  read(request: WebhookRequest, now: Instant): WebhookReading | Promise<WebhookReading>;
}
