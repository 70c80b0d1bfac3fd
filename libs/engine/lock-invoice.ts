import type { DataSource, EntityManager } from 'typeorm';
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
 * @param first what is asked for whatever the lock's answer is: it is sent along with the lock, and runs once that is held
 * @param now the caller's clock; a live organisation's clock is never behind it, for a timer may fire a millisecond
 *   before this machine's clock says so
 * @returns null when there is no such invoice
 */
export function withLockedInvoice<T, First>(
  dataSource: DataSource,
  { organisationId, invoiceId }: EnrolmentRef,
  now: Instant,
  first: (manager: EntityManager, live: Instant) => Promise<First>,
  work: (scope: LockedScope, first: First) => Promise<T>,
): Promise<T | null> {
  return withOrganisation(
    dataSource,
    organisationId,
    async (manager) => {
      const live = Math.max(now, Date.now());
      const locking = queryPrepared<LockRow>(manager, LOCK, [organisationId, invoiceId]);
      const asking = first(manager, live);
      // The lock's failure is the one to tell of: without it nothing else could be answered.
      asking.catch(() => undefined);
      const [row] = await locking;
      const answer = await asking;
      if (!row) return null;
      const scope: LockedScope = {
        organisationId,
        manager,
        now: row.clock_now ?? live,
        kind: row.kind,
        actor: 'engine',
        customerVersion: row.facts_version,
        invoiceVersion: row.invoice_version ?? 0,
        isListenedTo: row.is_listened_to,
      };
      return work(scope, answer);
    },
    { retry: true },
  );
}
