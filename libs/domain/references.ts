/** Names of our own messages, as `messageIdOf` makes them, among others in a header. */
const OWN =
  /<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>\s]+>/gi;

/** A message of ours that another names. */
export interface NamedContact {
  contactId: string;
  /** Null where only the contact is named. */
  organisationId: string | null;
}

/** Our messages that a text names, in its order. */
export const ownMessageIds = (text: string): NamedContact[] =>
  [...text.matchAll(OWN)].map(([, contactId = '', organisationId = '']) => ({
    contactId: contactId.toLowerCase(),
    organisationId: organisationId.toLowerCase(),
  }));
