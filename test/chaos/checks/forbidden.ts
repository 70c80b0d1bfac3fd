import type { Instant } from '#domain/instant.js';
import type { ContactRow, Decision, Fact, Violation } from './evidence.js';
import { grouped } from './evidence.js';
import type { Matched } from './match.js';

/** A time during which nothing may be decided that it concerns. */
interface Ban {
  rule: string;
  subject: string;
  fromVersion: number;
  /** When it was committed. */
  from: Instant;
  /** The version that ended it; `Infinity` while none did. */
  toVersion: number;
  /** When it ended by itself. */
  to: Instant;
  concerns: (contact: ContactRow) => boolean;
}

/**
 * No contact was decided at or after the version of a fact that forbids it, nor in a transaction that wrote it after the fact was
 * committed, whatever version that one believed in. Answers that somebody asked for are not forbidden by holds.
 */
export function nothingForbidden(
  facts: readonly Fact[],
  decisions: readonly Decision[],
  contacts: readonly ContactRow[],
): Violation[] {
  const known = new Map(contacts.map((contact) => [contact.id, contact]));
  const bans = bansOf(facts);
  return decisions.flatMap((decision) => {
    const contact = known.get(decision.contactId);
    if (!contact || contact.kind !== 'reminder') return [];
    return (bans.get(decision.customerId) ?? [])
      .filter((ban) => ban.concerns(contact) && isWithin(decision, ban))
      .map(({ rule, subject, fromVersion }) => ({
        rule,
        subject: contact.id,
        detail: `decided at version ${decision.version}, forbidden from version ${fromVersion} by ${subject}`,
      }));
  });
}

const isWithin = ({ version, at }: Decision, { fromVersion, from, toVersion, to }: Ban): boolean =>
  version < toVersion && at < to && (version >= fromVersion || at > from);

/** The times during which each customer's contacts are forbidden. */
function bansOf(facts: readonly Fact[]): Map<string, Ban[]> {
  const bans = new Map<string, Ban[]>();
  for (const [customerId, own] of grouped(facts, (fact) => fact.customerId)) {
    const inOrder = [...own].sort((one, other) => one.version - other.version);
    bans.set(
      customerId,
      inOrder.flatMap((fact, index) => banOf(fact, inOrder.slice(index + 1)) ?? []),
    );
  }
  return bans;
}

function banOf(fact: Fact, later: readonly Fact[]): Ban | null {
  const base = { fromVersion: fact.version, from: fact.committedAt, to: Infinity };
  const until = (ends: (other: Fact) => boolean): number => later.find(ends)?.version ?? Infinity;
  switch (fact.kind) {
    case 'closed': {
      const { invoiceId } = fact;
      const toVersion = until((other) => other.kind === 'reopened' && other.invoiceId === invoiceId);
      return {
        ...base,
        rule: 'sent_when_closed',
        subject: invoiceId,
        toVersion,
        concerns: (contact) => contact.invoiceId === invoiceId,
      };
    }
    case 'held': {
      const { holdId, invoiceId } = fact;
      return {
        ...base,
        rule: 'sent_on_hold',
        subject: holdId,
        to: fact.until ?? Infinity,
        toVersion: until((other) => other.kind === 'released' && other.holdId === holdId),
        concerns: (contact) => invoiceId === null || contact.invoiceId === invoiceId,
      };
    }
    case 'suppressed': {
      const { suppressionId, pointKind, normalised, medium, purpose } = fact;
      return {
        ...base,
        rule: 'sent_when_suppressed',
        subject: suppressionId,
        toVersion: until((other) => other.kind === 'lifted' && other.suppressionId === suppressionId),
        concerns: (contact) =>
          contact.pointKind === pointKind &&
          contact.normalised === normalised &&
          (medium === null || contact.medium === medium) &&
          (purpose === null || contact.purpose === purpose),
      };
    }
    case 'reopened':
    case 'released':
    case 'lifted':
      return null;
  }
}

/** Messages whose invoice was closed between their decision and their call: allowed, and counted. */
export function closedMeanwhile(
  facts: readonly Fact[],
  decisions: readonly Decision[],
  { accepts }: Matched,
): number {
  const closings = grouped(
    facts.flatMap((fact) => (fact.kind === 'closed' ? [fact] : [])),
    (fact) => fact.invoiceId,
  );
  return decisions.filter(({ contactId, invoiceId, version }) =>
    (accepts.get(contactId) ?? []).some(({ receivedAt }) =>
      (closings.get(invoiceId) ?? []).some(
        (fact) => fact.version > version && fact.committedAt <= receivedAt,
      ),
    ),
  ).length;
}
