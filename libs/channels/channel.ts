import type { Instant } from '#domain/instant.js';
import type { Rate } from '#domain/limits.js';
import type { MessageMedium } from '#domain/medium.js';
import type { Receipt } from './receipt.js';

/** A file that travels with a message. */
export interface Attachment {
  filename: string;
  contentType: string;
  content: Buffer;
}

/** One message to one address, fully rendered. Nothing in it is looked up again by a channel. */
export interface Message {
  /** The ledger row of this message: providers that can carry a reference get it, so that a receipt finds its contact. */
  contactId: string;
  organisationId: string;
  medium: MessageMedium;
  to: { address: string; name?: string };
  from: { address: string; name?: string };
  replyTo?: { address: string; name?: string };
  /** Only for e-mail: who gets a copy and is seen to. What becomes of a copy is nobody's outcome. */
  cc?: { address: string; name?: string }[];
  /** Only for e-mail: what its `Date` says, an ISO 8601 instant; the moment of sending unless given. */
  date?: string;
  /** Only for e-mail. */
  subject?: string;
  /** Plain text; the whole body of an SMS or a direct message, the text part of an e-mail. */
  text: string;
  /** Only for e-mail. */
  html?: string;
  /**
   * Additional e-mail headers, such as `List-Unsubscribe`. A channel refuses a line break in any name or value, and the
   * headers it writes itself (`From`, `Bcc`, `Content-Type`, …).
   */
  headers?: Record<string, string>;
  attachments?: Attachment[];
  /** BCP 47. */
  locale: string;
}

/** What became of one call to a provider. Expected outcomes are values; a channel throws only for a bug. */
export type Outcome =
  /**
   * The provider took the message; `providerId` is its name for it, as its receipts quote it: SendGrid's X-Message-Id,
   * Twilio's SID, the own Message-ID for SMTP, the number within the chat for Telegram.
   */
  | { kind: 'accepted'; providerId: string }
  /**
   * Never deliverable as it is: refused by the provider, or by the channel before it called (`invalid_address`,
   * `line_break_in_header`, …). `addressIsBad` when the address itself is at fault and should be suppressed.
   */
  | { kind: 'rejected'; code: string; addressIsBad: boolean }
  /**
   * Failed before the request was written, or turned away with the account that made it (`http_401`, `http_403`,
   * `EAUTH`): it certainly was not processed, so trying again is safe.
   */
  | { kind: 'not_reached'; code: string }
  /** Refused unprocessed because of a rate; `retryAfterMs` as the provider said, or the channel's default. */
  | {
      kind: 'throttled';
      code: string;
      retryAfterMs: number;
      /** It is not this message or its recipient: everything of the sender has to wait. */
      wholeSender?: true;
    }
  /** The request was written and no clear answer came: it may or may not have been processed. Never retried blindly. */
  | { kind: 'unknown'; code: string };

/** A message as one can look for it. */
export interface SentMessage {
  contactId: string;
  to: string;
  text: string;
  /** Not before; real time. */
  sentAt: Instant;
  /** Names of messages that the ledger knows to be others: two steps may say the same within a minute. */
  others?: readonly string[];
}

export type LookUp =
  | { kind: 'found'; providerId: string }
  /** The provider knows of no such message, as far as it tells. */
  | { kind: 'absent' }
  /** It could not be asked, or its answer could not be read or was cut short: the message may be there. */
  | { kind: 'unclear'; code: string };

/** What a provider says now of a message, as a receipt would have told it. */
export type Poll =
  | {
      kind: 'told';
      /** The provider's own word, such as `delivered`: with the message's name it makes a receipt's key. */
      status: string;
      receipt: Pick<Receipt, 'kind' | 'addressIsBad' | 'code'>;
    }
  /** The provider knows of no such message any more, or says nothing of it that a receipt would. */
  | { kind: 'nothing' }
  | { kind: 'unclear'; code: string };

/** What the doctor learns of a provider. */
export type ChannelCheck = { ok: true; detail: string } | { ok: false; detail: string; remedy: string };

/**
 * One account with one provider. Which answer is which outcome stands in `docs/outcomes.md`. An answer is reduced to
 * `code`, a short machine-readable word or number (`21610`, `http_503`, `ECONNRESET`): free text of providers quotes
 * addresses and is never kept.
 */
export interface Channel {
  /** `sendgrid`, `smtp`, `twilio`, `telegram`, `outbox`, `fake`. */
  readonly provider: string;
  readonly media: readonly MessageMedium[];
  /** True when a message leaves this installation. A test organisation never gets such a channel. */
  readonly external: boolean;
  /** How fast one sender may send where nobody says otherwise; absent or null: as fast as it likes. */
  rateOf?(sender: string): Rate | null;
  /**
   * Calls the provider once, or not at all where the message is refused before; never twice. Calls may run side by side.
   * @param timeoutMs the longest the whole call may take; past it the outcome is `unknown`
   *   (or `not_reached` when nothing was written yet).
   * @throws Error for a bug of the caller only: a medium that is not in `media`, an id that is no id.
   */
  send(message: Message, timeoutMs: number): Promise<Outcome>;
  /**
   * Asks the provider for a message that may have gone out, by recipient, moment and text; absent where it cannot be asked.
   * Sends nothing; what the provider does is never thrown.
   * @param timeoutMs the longest it may take, however many calls it needs
   */
  lookUp?(sent: SentMessage, timeoutMs: number): Promise<LookUp>;
  /**
   * Asks the provider what became of a message that it took under `providerId`, where no receipt came; absent where it
   * cannot be asked. Sends nothing.
   */
  poll?(sent: SentMessage & { providerId: string }, timeoutMs: number): Promise<Poll>;
  /** For `doctor`: can the provider be reached and does it accept the credentials? Sends nothing. */
  check(): Promise<ChannelCheck>;
  /** Releases connections. */
  close(): Promise<void>;
}
