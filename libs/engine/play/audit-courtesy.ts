import { zoneFor } from '#domain/country-zones.js';
import type { Instant } from '#domain/instant.js';
import { localDateOf, localTimeOf, weekdayOf } from '#domain/local-time.js';
import type { DecisionRecord } from './decision-record.js';
import type { Violation } from './report.js';
import type { Scenario } from './scenario.js';

const HOUR = 3_600_000;

/**
 * Looks over a ledger of a courteous campaign as its recipients would: by the clock on their wall, and by how long ago the last
 * message to them was. Shares nothing with the contact policies, which it checks.
 */
export function auditCourtesy(
  records: readonly DecisionRecord[],
  { customers, document, zone }: Scenario,
): Violation[] {
  if (document.policy !== 'courteous') return [];
  const made = new Map<string, DecisionRecord[]>();
  for (const record of records.filter(isContact))
    made.set(record.customer, [...(made.get(record.customer) ?? []), record]);
  return customers.flatMap((customer) => {
    const own = made.get(customer.externalId) ?? [];
    return own.flatMap((record, index) => {
      const earlier = own.slice(0, index).filter((before) => isSamePerson(before, record));
      return complaintsOf(
        record,
        earlier.map(({ at }) => at),
        zoneFor(customer, zone).zone,
      );
    });
  });
}

const isContact = ({ decision }: DecisionRecord): boolean => decision === 'sent' || decision === 'task';

/** A call may reach any of them. */
const isSamePerson = (one: DecisionRecord, other: DecisionRecord): boolean =>
  one.person === null || other.person === null || one.person === other.person;

/** @param earlier when the same person was contacted before, in order */
function complaintsOf(record: DecisionRecord, earlier: readonly Instant[], zone: string): Violation[] {
  const { at } = record;
  const contact = `${record.invoice}/${record.step}#${record.occurrence}`;
  const complaint = (rule: string, detail: string): Violation => ({ rule, contact, detail });
  const time = localTimeOf(at, zone);
  const found: Violation[] = [];
  if (time < '09:00' || time >= '20:00') found.push(complaint('hours', `It was ${time} there.`));
  if (weekdayOf(localDateOf(at, zone)) === 7) found.push(complaint('sunday', 'It was a Sunday there.'));
  const last = earlier.at(-1);
  if (last !== undefined && at - last < 24 * HOUR)
    found.push(complaint('gap', 'Less than a day after the last.'));
  const third = earlier.at(-3);
  if (third !== undefined && at - third < 168 * HOUR)
    found.push(complaint('week', 'The fourth in seven days.'));
  return found;
}
