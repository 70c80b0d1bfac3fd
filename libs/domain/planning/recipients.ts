import { asksParent, copiedRolesOf, type SendTarget, type Step } from '#domain/campaign/document.js';
import { type CustomerFacts, isAgreed, mayUse, suits } from '#domain/facts.js';
import type { Medium } from '#domain/medium.js';
import { addresseesOf, type Instead, peopleFor } from './addressees.js';

/** Whom a step writes to, and how; or why it can reach nobody. */
export type Recipient =
  | { kind: 'found'; medium: Medium; personId: string; pointId: string; instead?: Instead }
  | {
      kind: 'none';
      reason: 'no_address' | 'suppressed' | 'no_consent' | 'undeliverable';
      /** A sentence of its own, where the reason alone says too little. */
      text?: string;
    };

const NOT_CONFIRMED = 'A consent to messages was recorded, and is not confirmed yet.';

/** The channels of a step in the order to try them: `preferred` stands for the customer's own choice. */
export function mediaOf(send: readonly SendTarget[], preferred: Medium | null): Medium[] {
  const media = send.flatMap((target) =>
    target === 'preferred' ? (preferred ? [preferred] : []) : [target],
  );
  return [...new Set(media)];
}

/** The first channel, in the step's order, that can reach a person of the step's roles and did not fail yet. */
export function chooseRecipient(step: Step, customer: CustomerFacts, failed: readonly Medium[]): Recipient {
  const { people, instead } = addresseesOf(step, customer);
  let suppressed = false;
  let unasked = false;
  let unconfirmed = false;
  for (const medium of mediaOf(step.send ?? [], customer.preferred)) {
    if (failed.includes(medium)) continue;
    for (const person of people) {
      const points = person.points.filter((point) => suits(point, medium));
      const usable = points.find((point) => mayUse(point, medium, step.purpose));
      if (usable) {
        const whom = { medium, personId: person.id, pointId: usable.id };
        return { kind: 'found', ...whom, ...(instead && { instead }) };
      }
      const known = points.filter(({ status }) => status !== 'retired');
      unasked ||= known.some((point) => point.status === 'active' && !isAgreed(point, medium));
      unconfirmed ||= known.some((point) => point.unconfirmed?.includes(medium) ?? false);
      suppressed ||= known.some((point) => point.status !== 'active' || isAgreed(point, medium));
    }
  }
  if (failed.length > 0) return { kind: 'none', reason: 'undeliverable' };
  if (suppressed || !unasked) return { kind: 'none', reason: suppressed ? 'suppressed' : 'no_address' };
  return { kind: 'none', reason: 'no_consent', ...(unconfirmed && { text: NOT_CONFIRMED }) };
}

/**
 * Why nobody of the customer (or of the parent company, where the step is for that) is to be called: at every number that works
 * somebody said so. Null where a call is welcome, and where no number is known that works: then whoever is asked to call looks for one.
 */
export function unwantedCall(step: Step, customer: CustomerFacts): 'suppressed' | 'no_consent' | null {
  const people = asksParent(step) ? addresseesOf(step, customer).people : customer.people;
  const numbers = people
    .flatMap(({ points }) => points)
    .filter(({ kind, status }) => kind === 'phone' && (status === 'active' || status === 'suppressed'));
  if (numbers.length === 0 || numbers.some((number) => mayUse(number, 'call', step.purpose))) return null;
  return numbers.every((number) => number.status === 'active' && !isAgreed(number, 'call'))
    ? 'no_consent'
    : 'suppressed';
}

/** Who else at the customer gets a copy of a step's e-mail, each at the first address that may be used. */
export function copiesOf(
  step: Step,
  { people }: CustomerFacts,
  recipientPointId: string,
): { personId: string; pointId: string }[] {
  const roles = copiedRolesOf(step);
  if (roles.length === 0) return [];
  return peopleFor(roles, people).flatMap(({ id, points }) => {
    const usable = points.find((each) => each.kind === 'email' && mayUse(each, 'email', step.purpose));
    return usable && !points.some((each) => each.id === recipientPointId)
      ? [{ personId: id, pointId: usable.id }]
      : [];
  });
}
