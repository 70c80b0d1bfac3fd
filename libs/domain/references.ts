/** Names of our own messages, as `messageIdOf` makes them, among others in a header. */
const OWN =
  /<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>\s]+>/gi;

/** RFC 5322, 3.6.4, within what a header line may hold; what else a stranger may have written there is left out. */
const ONE_ID = /^<[!-;=?A-~]{1,250}@[!-;=?A-~]{1,250}>$/;

/** The name of a message as another may refer to it; undefined for what is none. */
export const messageIdIn = (header: string | null | undefined): string | undefined => {
  const id = header?.trim();
  return id !== undefined && ONE_ID.test(id) ? id : undefined;
};

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
