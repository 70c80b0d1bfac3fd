import type { DataSource } from 'typeorm';
import { withSystem } from '#store/with-organisation.js';
import { type Scope, withScope } from './scope.js';

/** Items that are applied before the next organisation has its turn. */
export const BATCH = 50;
const ORGANISATIONS = 100;

export interface ApplyDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  /** Of the role `system`: which organisations have something that waits. */
  system: DataSource;
}

/** What was stored and waits to be applied. */
export interface Waiting {
  /** With `applied_at`, which is null as long as a row waits, and `recorded_at`. */
  table: 'receipt' | 'inbound_message';
  /** The next items of organisation $1, at most {@link BATCH}. */
  next: string;
  /** In a transaction of its own; twice comes to the same as once. */
  apply: (scope: Scope, id: string) => Promise<void>;
}

/**
 * Applies what waits, one transaction each, the organisation that has waited longest first; whichever process does, and however often,
 * it comes to the same.
 *
 * @returns how many there were; 0 when nothing waits
 * @throws what the first that failed did with, when all others are done
 */
export async function applyWaitingOf(
  { table, next, apply }: Waiting,
  { dataSource, system }: ApplyDeps,
): Promise<number> {
  const organisations = await withSystem(system, (manager) =>
    manager.query<{ organisation_id: string }[]>(
      `select organisation_id from ${table} where applied_at is null
       group by organisation_id order by min(recorded_at) limit ${ORGANISATIONS}`,
    ),
  );
  let applied = 0;
  const failures: unknown[] = [];
  for (const { organisation_id: organisationId } of organisations) {
    const within = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
      withScope(dataSource, organisationId, 'provider', work);
    const waiting = await within(({ manager }) => manager.query<{ id: string }[]>(next, [organisationId]));
    // One that cannot be applied holds up no other.
    for (const { id } of waiting) {
      try {
        await within((scope) => apply(scope, id));
        applied += 1;
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw failures[0];
  return applied;
}
