import { isDeepStrictEqual } from 'node:util';
import type { CustomerInput } from '#contracts/schemas/index.js';
import { zoneFor, type ZoneSource } from '#domain/country-zones.js';
import type { Medium } from '#domain/medium.js';
import type { OwnRules } from '#domain/policy/own-rules.js';
import { type PersonState, mergePeople } from './people.js';

/** A customer as stored, with the external ids of what it refers to. */
export interface CustomerState {
  externalId: string;
  kind: 'person' | 'company';
  name: string;
  country: string | null;
  region: string | null;
  zone: string;
  zoneSource: ZoneSource;
  locale: string;
  preferredMedium: Medium | null;
  wishes: OwnRules | null;
  vip: boolean;
  address: object | null;
  parentExternalId: string | null;
  accountManager: { externalId: string; name: string; email: string; phone: string } | null;
  people: PersonState[];
}

export type StoredCustomer = CustomerState & { id: string };

/** A customer after an input: what it leaves out stays, or gets its default. */
export function mergeCustomer(
  stored: StoredCustomer | undefined,
  input: CustomerInput,
  organisationZone: string,
): CustomerState {
  return {
    externalId: input.externalId,
    kind: input.kind ?? stored?.kind ?? 'company',
    name: input.name,
    country: given(input.country, stored?.country),
    region: given(input.region, stored?.region),
    ...zoneOf(input, stored, organisationZone),
    locale: input.locale ?? stored?.locale ?? 'en',
    preferredMedium: given(input.preferredMedium, stored?.preferredMedium),
    wishes: given(input.wishes, stored?.wishes),
    vip: input.vip ?? stored?.vip ?? false,
    address: given(input.address, stored?.address),
    parentExternalId: given(input.parentExternalId, stored?.parentExternalId),
    accountManager: given(input.accountManager, stored?.accountManager),
    people: mergePeople(stored?.people ?? [], input),
  };
}

/** Left out: as it was; null: none. */
const given = <T>(input: T | null | undefined, stored: T | null | undefined): T | null =>
  input === undefined ? (stored ?? null) : input;

type Zone = Pick<CustomerState, 'zone' | 'zoneSource'>;

function zoneOf(
  { zone, country }: CustomerInput,
  stored: (Zone & Pick<CustomerState, 'country'>) | undefined,
  organisationZone: string,
): Zone {
  const keeps = zone === undefined && stored?.zoneSource === 'given';
  return zoneFor(
    { zone: keeps ? stored.zone : zone, country: given(country, stored?.country) },
    zone === undefined && stored ? stored.zone : organisationZone,
  );
}

/** Names of the fields that differ, for the audit trail. */
export function changedFields(stored: CustomerState, next: CustomerState): string[] {
  const keys = Object.keys(next) as (keyof CustomerState)[];
  return keys.filter((key) => !isDeepStrictEqual(stored[key], next[key]));
}
