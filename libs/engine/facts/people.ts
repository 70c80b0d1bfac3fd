import type { CustomerInput, PersonInput } from '#contracts/schemas/index.js';
import type { PointKind } from '#domain/medium.js';
import { deliverable, normalisePoint } from './normalise.js';

/** A contact person as stored. Order is that of preference. */
export interface PersonState {
  externalId: string;
  position: number;
  roles: string[];
  name: string | null;
  givenName: string | null;
  familyName: string | null;
  patronymic: string | null;
  salutation: string | null;
  formality: 'formal' | 'informal' | null;
  locale: string | null;
  points: PointState[];
}

export interface PointState {
  kind: PointKind;
  value: string;
  normalised: string;
  position: number;
  status: 'active' | 'invalid' | 'retired';
  reason: string | null;
}

/** The contact person of a customer that has but one: a customer may give its points without naming a person. */
export const ONLY_PERSON = 'main';

/**
 * The people of a customer after an input. People or points that it leaves out of a list it gives are retired, never
 * removed, for the ledger points at them; a point once found invalid stays so.
 */
export function mergePeople(stored: readonly PersonState[], input: CustomerInput): PersonState[] {
  if (input.people) return mergeList(stored, input.people, input.country);
  const person = shortPerson(input);
  if (!person) return [...stored];
  const known = stored.find(({ externalId }) => externalId === ONLY_PERSON);
  if (!known && isEmpty(person)) return [...stored];
  const merged = mergePerson(known, person, known?.position ?? stored.length, input.country);
  return known ? stored.map((each) => (each === known ? merged : each)) : [...stored, merged];
}

type Country = CustomerInput['country'];

function mergeList(
  stored: readonly PersonState[],
  inputs: readonly PersonInput[],
  country: Country,
): PersonState[] {
  const byId = new Map(stored.map((person) => [person.externalId, person]));
  const named = inputs.map((input, position) =>
    mergePerson(byId.get(input.externalId), input, position, country),
  );
  const ids = new Set(inputs.map((input) => input.externalId));
  const left = stored.filter(({ externalId }) => !ids.has(externalId));
  return [...named, ...left.map((person, index) => ({ ...retired(person), position: named.length + index }))];
}

const retired = (person: PersonState): PersonState => ({ ...person, points: person.points.map(retire) });

const retire = (point: PointState): PointState =>
  point.status === 'active' ? { ...point, status: 'retired', reason: 'left out' } : point;

/** null when the input gives no point in short. */
function shortPerson({ email, phone, telegramChatId }: CustomerInput): PersonInput | null {
  if (email === undefined && phone === undefined && telegramChatId === undefined) return null;
  const list = (value: string | null | undefined): string[] | undefined =>
    value === undefined ? undefined : value === null ? [] : [value];
  return {
    externalId: ONLY_PERSON,
    emails: list(email),
    phones: list(phone),
    telegramChatIds: list(telegramChatId),
  };
}

const isEmpty = ({ emails, phones, telegramChatIds }: PersonInput): boolean =>
  [emails, phones, telegramChatIds].every((list) => !list || list.length === 0);

const NEW_PERSON: Omit<PersonState, 'externalId' | 'position'> = {
  roles: ['accounts_payable'],
  name: null,
  givenName: null,
  familyName: null,
  patronymic: null,
  salutation: null,
  formality: null,
  locale: null,
  points: [],
};

function mergePerson(
  stored: PersonState | undefined,
  input: PersonInput,
  position: number,
  country: Country,
): PersonState {
  const { emails, phones, telegramChatIds, telegramConsent: _apart, externalId, ...fields } = input;
  const was = stored ?? NEW_PERSON;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const points = [
    ...mergePoints(was.points, 'email', emails),
    ...mergePoints(was.points, 'phone', phones, country),
    ...mergePoints(was.points, 'telegram', telegramChatIds),
  ];
  return { ...was, ...given, externalId, position, points };
}

function mergePoints(
  all: readonly PointState[],
  kind: PointKind,
  values: readonly string[] | undefined,
  country?: Country,
): PointState[] {
  const stored = all.filter((point) => point.kind === kind);
  if (!values) return stored;
  const wanted = new Map(values.map((value) => [normalisePoint(kind, value, country), value]));
  const kept = [...wanted].map(([normalised, value], position): PointState => {
    const known = stored.find((point) => point.normalised === normalised);
    const invalid = known?.status === 'invalid';
    const status = invalid ? 'invalid' : 'active';
    const reason = invalid ? known.reason : null;
    return { kind, value: deliverable(kind, value, country), normalised, position, status, reason };
  });
  const left = stored.filter((point) => !wanted.has(point.normalised));
  return [...kept, ...left.map((point, index) => ({ ...retire(point), position: kept.length + index }))];
}
