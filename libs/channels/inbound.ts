import type { Instant } from '#domain/instant.js';
import type { MessageMedium } from '#domain/medium.js';

/** A message that a person, or a machine in their name, sent to one of our addresses, as its provider gave it. */
export interface InboundMessage {
  /** The provider's name of it: the same when it is given again. Unique within the provider. */
  eventKey: string;
  medium: MessageMedium;
  /** Who wrote: an address, a number in E.164, a chat's id. */
  from: string;
  fromName: string | null;
  /** Which of our addresses it came to, as written there; several for an e-mail with copies. */
  to: readonly string[];
  subject: string | null;
  /** Plain text, whole, with whatever it quotes; empty where there is none. */
  text: string;
  /** RFC 5322 headers with names in lower case, of a repeated one the first; empty for other media. */
  headers: Readonly<Record<string, string>>;
  /** What came along, without its content; a provider that does not tell a file's size has 0 for it, and no name is empty. */
  attachments: readonly { filename: string; contentType: string; bytes: number }[];
  effectiveAt: Instant;
}
