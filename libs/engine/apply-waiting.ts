import type { DataSource } from 'typeorm';
import { withSystem } from '#store/with-organisation.js';
import { type Scope, withScope } from './scope.js';

/** Items that are applied before the next organisation has its turn. */
const BATCH = 50;
const ORGANISATIONS = 100;

export interface ApplyDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  /** Of the role `system`: which organisations have something that waits. */
  system: DataSource;
  /** Kept by whoever comes again and again: what cannot be applied is left to it. Without it, the first such throws. */
  setbacks?: Setbacks;
}

const SHORTEST_MS = 1_000;
const LONGEST_MS = 600_000;

/** What could not be applied, and is left alone for a while, longer after every try: a second at first, ten minutes in the end. */
export class Setbacks {
  private readonly known = new Map<string, { pause: number; until: number }>();

  constructor(
    private readonly onFailure: (error: unknown, pause: number) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** What is to be left alone now. */
  current(): string[] {
    const now = this.now();
    // Long due and not failed again: another worker applied it.
    for (const [id, { until }] of this.known) if (until + 2 * LONGEST_MS < now) this.known.delete(id);
    return [...this.known].filter(([, { until }]) => until > now).map(([id]) => id);
  }

  add(id: string, error: unknown): void {
    const last = this.known.get(id);
    const pause = last ? Math.min(last.pause * 2, LONGEST_MS) : SHORTEST_MS;
    this.known.set(id, { pause, until: this.now() + pause });
    this.onFailure(error, pause);
  }

  delete(id: string): void {
    this.known.delete(id);
  }
}

/** What was stored and waits to be applied. */
export interface Waiting {
  /** With `applied_at`, which is null as long as a row waits, and `recorded_at`. */
  table: 'receipt' | 'inbound_message';
  /** The column whose values are applied, one by one. */
  subject: 'id' | 'contact_id';
  /** Which of them comes first. */
  order: string;
  /** In a transaction of its own; twice comes to the same as once. */
  apply: (scope: Scope, id: string) => Promise<void>;
}

/**
 * Applies what waits, one transaction each, the organisation that has waited longest first; whichever process does, and however often,
 * it comes to the same.
 *
 * @returns how many there were; 0 when nothing waits
 * @throws without setbacks, what the first that failed did with, when all others are done
 */
export async function applyWaitingOf(
  { table, subject, order, apply }: Waiting,
  { dataSource, system, setbacks }: ApplyDeps,
): Promise<number> {
  const organisations = await withSystem(system, (manager) =>
    manager.query<{ organisation_id: string }[]>(
      `select organisation_id from ${table} where applied_at is null and ${subject} <> all ($1::uuid[])
       group by organisation_id order by min(recorded_at) limit ${ORGANISATIONS}`,
      [setbacks?.current() ?? []],
    ),
  );
  let taken = 0;
  const failures: unknown[] = [];
  for (const { organisation_id: organisationId } of organisations) {
    const within = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
      withScope(dataSource, organisationId, 'provider', work);
    const waiting = await within(({ manager }) =>
      manager.query<{ id: string }[]>(
        `select ${subject} as id from ${table}
         where organisation_id = $1 and applied_at is null and ${subject} <> all ($2::uuid[])
         group by ${subject} order by ${order} limit ${BATCH}`,
        [organisationId, setbacks?.current() ?? []],
      ),
    );
    // One that cannot be applied holds up no other.
    for (const { id } of waiting) {
      try {
        await within((scope) => apply(scope, id));
        setbacks?.delete(id);
        taken += 1;
      } catch (error) {
        setbacks?.add(id, error);
        if (setbacks) taken += 1;
        else failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw failures[0];
  return taken;
}
