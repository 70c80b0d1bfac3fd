import type { DataSource, EntityManager } from 'typeorm';
import { withSystem } from '#store/with-organisation.js';
import { wakeEnrolments } from '../announce.js';
import { lockQuietly } from '../facts/announce-many.js';
import { type Scope, withScope } from '../scope.js';
import { staleBooks } from '../facts/source-syncs.js';
import { STOPPED } from './stopped.js';

export interface ReleaseDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  /** Of the role `system`: whose enrolments wait. */
  system: DataSource;
  /** Enrolments of one live organisation woken in one second, by all workers together. */
  perSecond: number;
  /** Enrolments looked at in one transaction for what rules put off that changed. */
  foundAtOnce?: number;
}

/** Organisations that are not stopped and have enrolments that wait for that, for books, or for rules that are others by now. */
const WAITING = `
  select o.id as organisation_id from organisation o
  where o.stopped_at is null
    and (o.kind = 'test' or not exists (select from installation_stop s where s.released_at is null))
    and (o.rules_changed_at is not null
      or o.id in (select e.organisation_id from enrolment e where e.waits_for_release))`;

/** Only one worker wakes an organisation's in one second, and none while its books are stale. */
const CLAIM = `
  update organisation set next_release_at = clock_timestamp() + interval '1 second'
  where id = $1 and (next_release_at is null or next_release_at <= clock_timestamp()) and not ${STOPPED}
    and not ${staleBooks('coalesce(organisation.clock_now, clock_timestamp())')}
  returning rules_changed_at::text`;

const FOUND_AT_ONCE = 1_000;

/** What is being decided at this moment may have read the rules as they were. After $3. */
const FLAG_PUT_OFF = `
  with put_off as (
    select id from enrolment
    where organisation_id = $1 and state = 'open' and id > $3
      and (next_due_at <= $2 or planned_version < facts_version
        or jsonb_path_exists(cursor, '$.trying.rulesDigest') or jsonb_path_exists(cursor, '$.parked[*].rulesDigest'))
    order by id limit $4
  ), flagged as (
    update enrolment e set waits_for_release = true from put_off p where e.organisation_id = $1 and e.id = p.id
  )
  select id from put_off order by id desc limit 1 offset $4 - 1`;

/** Nothing of a test organisation goes anywhere, and its clock waits for all of it. */
const WOKEN_OF_TEST = 200;

const TAKE = `
  select id, customer_id, invoice_id from enrolment
  where organisation_id = $1 and waits_for_release order by id limit $2`;

interface WaitingRow {
  id: string;
  customer_id: string;
  invoice_id: string;
}

/**
 * After a release, when stale books are up to date, or when rules changed, has what waited planned anew, the oldest enrolments first and
 * so many a second, from the facts as they are then. A second stop meanwhile keeps the rest where they are.
 *
 * @returns how many were woken; call it again a second later as long as there are some
 */
export async function releaseWaiting({
  dataSource,
  system,
  perSecond,
  foundAtOnce = FOUND_AT_ONCE,
}: ReleaseDeps): Promise<number> {
  const organisations = await withSystem(system, (manager: EntityManager) =>
    manager.query<{ organisation_id: string }[]>(WAITING),
  );
  const failures: unknown[] = [];
  let woken = 0;
  for (const { organisation_id: id } of organisations) {
    const within: Within = (work) => withScope(dataSource, id, 'engine', work);
    try {
      // By itself: whoever stops the organisation must not wait for customers' locks.
      const claimed = await within(claim);
      if (!claimed) continue;
      if (claimed.rules_changed_at !== null) await flagPutOff(within, claimed.rules_changed_at, foundAtOnce);
      woken += await within((scope) =>
        wake(scope, scope.kind === 'test' ? Math.max(perSecond, WOKEN_OF_TEST) : perSecond),
      );
    } catch (error) {
      // The others have their turn all the same.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return woken;
}

type Within = <T>(work: (scope: Scope) => Promise<T>) => Promise<T>;

interface Claimed {
  /** As the database writes it, to the microsecond. */
  rules_changed_at: string | null;
}

async function claim({ manager, organisationId }: Scope): Promise<Claimed | undefined> {
  const [rows] = await manager.query<[Claimed[], number]>(CLAIM, [organisationId]);
  return rows[0];
}

/**
 * Has what contact policies put off ask them anew, each once for a change; unless the rules changed once more meanwhile, that is all of
 * it then.
 *
 * @param changedAt as the database writes it
 */
async function flagPutOff(within: Within, changedAt: string, atOnce: number): Promise<void> {
  for (let last: string | null = FIRST_ID; last !== null;) {
    const after: string = last;
    last = await within(async ({ manager, organisationId, now }) => {
      const parameters = [organisationId, new Date(now), after, atOnce];
      const [row] = await manager.query<{ id: string }[]>(FLAG_PUT_OFF, parameters);
      return row?.id ?? null;
    });
  }
  await within(({ manager, organisationId }) =>
    manager.query(
      'update organisation set rules_changed_at = null where id = $1 and rules_changed_at = $2::timestamptz',
      [organisationId, changedAt],
    ),
  );
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

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
