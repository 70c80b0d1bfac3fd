import type { WorkingCalendar } from '#domain/working-days.js';
import type { Scope } from '../scope.js';
import { CANDIDATE } from './match.js';
import { loadRules } from './rule.js';
import { enrolByRules, nothingTaken, type Occasion, type Taken } from './take.js';

/** Invoices of one transaction: their customers are locked meanwhile. */
const CHUNK = 200;

export type InScope = <T>(work: (scope: Scope) => Promise<T>) => Promise<T>;

export interface RulesRun extends Taken {
  /** False: it was stopped before everything was looked at; another run goes on, since what is enrolled stays so. */
  complete: boolean;
}

interface Position {
  dueOn: string;
  id: string;
}

/**
 * Applies the rules to everything that is open and was never enrolled, the longest overdue first, a transaction a chunk.
 *
 * @param shouldStop asked between two chunks
 */
export async function runRules(
  inScope: InScope,
  calendar: WorkingCalendar,
  occasion: Occasion,
  shouldStop: () => boolean = () => false,
): Promise<RulesRun> {
  const all: RulesRun = { ...nothingTaken(), complete: true };
  for (let after: Position | null = null; ;) {
    if (shouldStop()) return { ...all, complete: false };
    const chunk: { last: Position | null; taken: Taken } = await inScope((scope) =>
      runChunk(scope, calendar, occasion, after),
    );
    for (const key of ['enrolled', 'waiting', 'unpublished'] as const)
      for (const [rule, count] of chunk.taken[key]) all[key].set(rule, (all[key].get(rule) ?? 0) + count);
    after = chunk.last;
    if (!after) return all;
  }
}

async function runChunk(
  scope: Scope,
  calendar: WorkingCalendar,
  occasion: Occasion,
  after: Position | null,
): Promise<{ last: Position | null; taken: Taken }> {
  const { rules } = await loadRules(scope);
  if (rules.length === 0) return { last: null, taken: nothingTaken() };
  const rows = await scope.manager.query<Position[]>(
    `select i.id, i.due_on as "dueOn" from invoice i
     where ${CANDIDATE} and ($2::date is null or (i.due_on, i.id) > ($2::date, $3::uuid))
     order by i.due_on, i.id limit ${CHUNK}`,
    [scope.organisationId, after?.dueOn ?? null, after?.id ?? null],
  );
  const ids = rows.map(({ id }) => id);
  const taken = await enrolByRules(scope, calendar, ids, occasion);
  return { last: rows.length < CHUNK ? null : (rows.at(-1) ?? null), taken };
}
