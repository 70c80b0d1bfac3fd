import type { DataSource, EntityManager } from 'typeorm';
import { withSystem } from '#store/with-organisation.js';
import { wakeEnrolments } from '../announce.js';
import { lockQuietly } from '../facts/announce-many.js';
import { type Scope, withScope } from '../scope.js';
import { releaseFresh, staleBooks } from '../facts/source-syncs.js';
import { STOPPED } from './stopped.js';

export interface ReleaseDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  /** Of the role `system`: whose enrolments wait. */
  system: DataSource;
  /** Enrolments of one organisation woken in one second, by all workers together. */
  perSecond: number;
}

/** Organisations that are not stopped and have enrolments that wait for a stop, for books or for rules that are others by now. */
const WAITING = `
  select distinct e.organisation_id from enrolment e join organisation o on o.id = e.organisation_id
  where e.waits_for_release and o.stopped_at is null
    and (o.kind = 'test' or not exists (select from installation_stop s where s.released_at is null))`;

/** Only one worker wakes an organisation's in one second, and none while its books are stale. */
const CLAIM = `
  update organisation set next_release_at = clock_timestamp() + interval '1 second'
  where id = $1 and (next_release_at is null or next_release_at <= clock_timestamp()) and not ${STOPPED}
    and not ${staleBooks('coalesce(organisation.clock_now, clock_timestamp())')}
  returning id`;

const TAKE = `
  select id, customer_id, invoice_id from enrolment
  where organisation_id = $1 and waits_for_release order by id limit $2`;

interface WaitingRow {
  id: string;
  customer_id: string;
  invoice_id: string;
}

/**
 * After a release, when stale books are up to date, or when rules changed, has what waited planned anew, the oldest enrolments first and so many a second, from the facts as they are then. A
 * second stop meanwhile keeps the rest where they are.
 *
 * @returns how many were woken; call it again a second later as long as there are some
 */
export async function releaseWaiting({ dataSource, system, perSecond }: ReleaseDeps): Promise<number> {
  const organisations = await withSystem(system, (manager: EntityManager) =>
    manager.query<{ organisation_id: string }[]>(WAITING),
  );
  let woken = 0;
  for (const { organisation_id: id } of organisations) {
    const within = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
      withScope(dataSource, id, 'engine', work);
    // By itself: whoever stops the organisation must not wait for customers' locks.
    if (await within(claim)) woken += await within((scope) => wake(scope, perSecond));
  }
  return woken;
}

/**
 * Has what contact policies put off ask them anew, after rules of the organisation changed. What is being decided at this moment
 * may have read them as they were.
 */
export async function releasePutOff(scope: Scope): Promise<void> {
  await scope.manager.query(
    `update enrolment set waits_for_release = true where organisation_id = $1 and state = 'open'
       and (next_due_at <= $2 or planned_version < facts_version
         or jsonb_path_exists(cursor, '$.trying.rulesDigest') or jsonb_path_exists(cursor, '$.parked[*].rulesDigest'))`,
    [scope.organisationId, new Date(scope.now)],
  );
  await releaseFresh(scope);
}

async function claim({ manager, organisationId }: Scope): Promise<boolean> {
  const [rows] = await manager.query<[object[], number]>(CLAIM, [organisationId]);
  return rows.length > 0;
}

async function wake(scope: Scope, limit: number): Promise<number> {
  const { manager, organisationId } = scope;
  const rows = await manager.query<WaitingRow[]>(TAKE, [organisationId, limit]);
  const customers = [...new Set(rows.map((row) => row.customer_id))];
  await lockQuietly(scope, 'c.id = any ($2::uuid[])', customers);
  await manager.query(
    'update enrolment set waits_for_release = false where organisation_id = $1 and id = any ($2::uuid[])',
    [organisationId, rows.map(({ id }) => id)],
  );
  for (const customerId of customers) {
    const waiting = rows.filter((row) => row.customer_id === customerId);
    await wakeEnrolments(scope, { customerId, invoiceIds: waiting.map((row) => row.invoice_id) });
  }
  return rows.length;
}
