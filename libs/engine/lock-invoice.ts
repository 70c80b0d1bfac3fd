import type { DataSource } from 'typeorm';
import type { EnrolmentRef } from '#contracts/engine.js';
import type { Instant } from '#domain/instant.js';
import { type Prepared, queryPrepared } from '#store/prepared.js';
import { withOrganisation } from '#store/with-organisation.js';
import type { Scope } from './scope.js';

/** Locks the customer of an invoice and reads the organisation's clock, in that order of importance. */
const LOCK: Prepared = {
  name: 'lock-customer-of-invoice',
  text: `select c.facts_version, o.kind, (extract(epoch from o.clock_now) * 1000)::bigint as clock_now,
      (select max(e.facts_version) from enrolment e where e.organisation_id = $1 and e.invoice_id = $2) as invoice_version,
      exists (select from webhook_endpoint w where w.organisation_id = $1) as is_listened_to
    from customer c join organisation o on o.id = c.organisation_id
    where c.organisation_id = $1
      and c.id = (select i.customer_id from invoice i where i.organisation_id = $1 and i.id = $2)
    for update of c`,
};

interface LockRow {
  facts_version: number;
  kind: 'live' | 'test';
  clock_now: number | null;
  invoice_version: number | null;
  is_listened_to: boolean;
}

/** A scope that holds the lock of one customer. */
export interface LockedScope extends Scope {
  customerVersion: number;
  /** The highest facts version of the invoice's enrolments. */
  invoiceVersion: number;
  /** Whether anybody hears events: on the path of every step even an unheard one costs a round trip. */
  isListenedTo: boolean;
}

/**
 * One transaction under the lock of the invoice's customer: facts read in it stay true until it commits.
 *
 * @param now the caller's clock; a live organisation's clock is never behind it, for a timer may fire a millisecond
 *   before this machine's clock says so
 * @returns null when there is no such invoice
 */
export function withLockedInvoice<T>(
  dataSource: DataSource,
  { organisationId, invoiceId }: EnrolmentRef,
  now: Instant,
  work: (scope: LockedScope) => Promise<T>,
): Promise<T | null> {
  return withOrganisation(
    dataSource,
    organisationId,
    async (manager) => {
      const [row] = await queryPrepared<LockRow>(manager, LOCK, [organisationId, invoiceId]);
      if (!row) return null;
      const clock = row.clock_now ?? Math.max(now, Date.now());
      return work({
        organisationId,
        manager,
        now: clock,
        kind: row.kind,
        actor: 'engine',
        customerVersion: row.facts_version,
        invoiceVersion: row.invoice_version ?? 0,
        isListenedTo: row.is_listened_to,
      });
    },
    { retry: true },
  );
}
