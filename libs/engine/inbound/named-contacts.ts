import { contactOfReplyAddress } from '#domain/reply-address.js';
import { type NamedContact, ownMessageIds } from '#domain/references.js';

/** What of a message says which one it answers. */
export interface Answering {
  headers: Readonly<Record<string, string>>;
  to: readonly string[];
}

/** Messages of ours that it answers, the likeliest first: the one replied to, those before it, the address it went to. */
export function namedContacts({ headers, to }: Answering): NamedContact[] {
  const references = ownMessageIds(headers['references'] ?? '').reverse();
  const addressed = to.map(contactOfReplyAddress).filter((contactId) => contactId !== null);
  return [
    ...ownMessageIds(headers['in-reply-to'] ?? ''),
    ...references,
    ...addressed.map((contactId) => ({ contactId, organisationId: null })),
  ];
}
