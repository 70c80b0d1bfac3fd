import { asksParent, rolesOf, type Step } from '#domain/campaign/document.js';
import type { CustomerFacts, PersonFacts } from '#domain/facts.js';
import type { Reason } from '#domain/gate.js';

/** Why a step that is for the parent company goes to the customer's own people. */
export type Instead = 'no_parent' | 'nobody_at_parent';

/** Whom a step may contact, in order. */
export interface Addressees {
  people: readonly PersonFacts[];
  /** Left out where they are those that the step names. */
  instead?: Instead;
}

/**
 * The people that a step names: the customer's own, or those of the parent company, and the customer's own where that has nobody
 * of the step's roles. What a person owes is told to no company.
 */
export function addresseesOf(step: Step, { kind, people, parent }: CustomerFacts): Addressees {
  const roles = rolesOf(step);
  const own = peopleFor(roles, people);
  if (!asksParent(step)) return { people: own };
  if (!parent || kind === 'person') return { people: own, instead: 'no_parent' };
  const there = peopleFor(roles, parent).filter(isThere);
  return there.length > 0 ? { people: there } : { people: own, instead: 'nobody_at_parent' };
}

/** People with one of the roles, in the order the step names them; without roles, everybody in their own order. */
export function peopleFor(
  roles: readonly string[] | undefined,
  people: readonly PersonFacts[],
): readonly PersonFacts[] {
  if (!roles) return people;
  const found = roles.flatMap((role) => people.filter((person) => person.roles.includes(role)));
  return [...new Set(found)];
}

/** Has an address that is not of the past. */
const isThere = ({ points }: PersonFacts): boolean => points.some(({ status }) => status !== 'retired');

const TEXTS: Record<Instead, string> = {
  no_parent: "There is no parent company to turn to, so it is for the customer's own people.",
  nobody_at_parent:
    "The parent company has nobody of the step's roles, so it is for the customer's own people.",
};

/** What is put on record of a step that is carried out: nothing, or why it did not go to the parent company. */
export const insteadReasons = (instead: Instead | undefined): Reason<Instead>[] =>
  instead ? [{ rule: instead, text: TEXTS[instead] }] : [];
