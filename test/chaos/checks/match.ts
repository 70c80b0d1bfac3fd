import type { Accept, ContactRow } from './evidence.js';
import { grouped } from './evidence.js';

export interface Matched {
  /** What providers took of each contact. */
  accepts: Map<string, Accept[]>;
  /** Taken by a provider, and in no row of the ledger. */
  orphans: Accept[];
}

/**
 * Which row of the ledger each message belongs to: the one that it names itself, or, where its protocol carries no
 * name, the one with the provider's own name of it, else one with the same words to the same address that has none yet: the
 * one decided last before the message was taken, for an earlier one had met its fault by then.
 */
export function matchAccepts(accepts: readonly Accept[], contacts: readonly ContactRow[]): Matched {
  const matched: Matched = { accepts: new Map(), orphans: [] };
  const add = (contactId: string, accept: Accept): void => {
    matched.accepts.set(contactId, [...(matched.accepts.get(contactId) ?? []), accept]);
  };
  const known = new Set(contacts.map(({ id }) => id));
  for (const accept of accepts.filter(({ contactId }) => contactId !== undefined)) {
    const { contactId = '' } = accept;
    if (known.has(contactId)) add(contactId, accept);
    else matched.orphans.push(accept);
  }
  matchByWords(
    accepts.filter(({ contactId }) => contactId === undefined),
    contacts,
    add,
    matched.orphans,
  );
  return matched;
}

function matchByWords(
  accepts: readonly Accept[],
  contacts: readonly ContactRow[],
  add: (contactId: string, accept: Accept) => void,
  orphans: Accept[],
): void {
  const named = new Map(contacts.map((each) => [nameOf(each.provider, each.to, each.providerId), each]));
  const left: Accept[] = [];
  const taken = new Set<string>();
  for (const accept of accepts) {
    const contact = named.get(nameOf(accept.provider, accept.to, accept.id));
    if (!contact) left.push(accept);
    else {
      taken.add(contact.id);
      add(contact.id, accept);
    }
  }
  const byWords = grouped(contacts, ({ provider, to, text }) => wordsOf(provider, to, text));
  for (const accept of left) {
    const candidates = byWords.get(wordsOf(accept.provider, accept.to, accept.text)) ?? [];
    const free = candidates.filter(({ id }) => !taken.has(id)).sort((a, b) => a.decidedAt - b.decidedAt);
    const contact =
      free.findLast(({ decidedAt }) => decidedAt <= accept.receivedAt) ?? free[0] ?? candidates.at(-1);
    if (!contact) orphans.push(accept);
    else {
      taken.add(contact.id);
      add(contact.id, accept);
    }
  }
}

const nameOf = (provider: string, to: string, id: string | null): string =>
  JSON.stringify([provider, to, id]);

const wordsOf = (provider: string, to: string, text: string): string =>
  JSON.stringify([provider, to, text.trim()]);
