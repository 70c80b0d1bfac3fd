import { move } from '#domain/planning/moving.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { wakeEnrolments } from '../../announce.js';
import { lockQuietly } from '../../facts/announce-many.js';
import { audit } from '../../facts/audit.js';
import { type LoadedEnrolment, loadEnrolments } from '../../load-enrolment.js';
import type { Scope } from '../../scope.js';
import { DECISION, decisionsOf } from '../../store-plan.js';
import { loadVersion } from '../load-version.js';

/** A move that stands, with what it takes from. */
export interface StandingMove {
  id: string;
  campaignId: string;
  versionId: string;
  /** Ids of the versions that it empties. */
  older: string[];
}

export interface Candidate {
  id: string;
  customerId: string;
}

/**
 * Moves enrolments to another version, under their customers' locks: from its commit on nothing of the old version is decided.
 * The new version's plan is made by their workflows, which are told. One with a message under way is left to the next round.
 *
 * @returns how many moved
 */
export async function moveChunk(
  scope: Scope,
  calendar: WorkingCalendar,
  { id, versionId, older }: StandingMove,
  candidates: readonly Candidate[],
): Promise<number> {
  const customers = [...new Set(candidates.map(({ customerId }) => customerId))];
  await lockQuietly(scope, 'c.id = any ($2::uuid[])', customers);
  if (!(await stands(scope, id))) return 0;
  const ids = candidates.map((each) => each.id);
  const loaded = (await loadEnrolments(scope.manager, scope.organisationId, ids, scope.now)).filter(
    (each) => each.state === 'open' && !each.attempting && older.includes(each.versionId),
  );
  if (loaded.length === 0) return 0;
  await store(scope, calendar, versionId, loaded);
  await tell(scope, versionId, loaded);
  await scope.manager.query(
    'update campaign_move set moved = moved + $3 where organisation_id = $1 and id = $2',
    [scope.organisationId, id, loaded.length],
  );
  return loaded.length;
}

/** The row's lock makes a publication that supersedes it, and this, follow one another. */
async function stands({ manager, organisationId }: Scope, id: string): Promise<boolean> {
  const rows = await manager.query<object[]>(
    `select from campaign_move where organisation_id = $1 and id = $2 and state = 'standing' for update`,
    [organisationId, id],
  );
  return rows.length > 0;
}

/** What a workflow that plans meanwhile does is done by the old version or by the new one: it takes the same lock. */
const STORE = `
  with moved as (
    select * from jsonb_to_recordset($2) as m(id uuid, cursor jsonb, decisions jsonb)
  ), decided as (
    insert into attempt (organisation_id, enrolment_id, invoice_id, customer_id, campaign_id, step_key, step_index, run_no,
                         occurrence, due_at, decision, reasons, facts_version, decided_at)
    select $1, e.id, e.invoice_id, e.customer_id, e.campaign_id, s."stepKey", s."stepIndex", e.run_no, s.occurrence,
           to_timestamp(s."dueAt" / 1000.0), s.decision, s.reasons, c.facts_version, $3
    from moved m
    join enrolment e on e.organisation_id = $1 and e.id = m.id
    join customer c on c.organisation_id = $1 and c.id = e.customer_id,
    jsonb_to_recordset(m.decisions) as s(${DECISION})
    on conflict (organisation_id, invoice_id, campaign_id, step_key, run_no, occurrence) do update
      set decision = excluded.decision, reasons = excluded.reasons, facts_version = excluded.facts_version,
          decided_at = excluded.decided_at
      where attempt.decision = 'deferred'
  )
  update enrolment e set version_id = $4, cursor = m.cursor
  from moved m where e.organisation_id = $1 and e.id = m.id`;

async function store(
  scope: Scope,
  calendar: WorkingCalendar,
  versionId: string,
  all: readonly LoadedEnrolment[],
): Promise<void> {
  const { manager, organisationId, now } = scope;
  const { document } = await loadVersion(manager, organisationId, versionId);
  const rows = [];
  for (const { id, facts, cursor, versionId: from } of all) {
    const old = await loadVersion(manager, organisationId, from);
    const moved = move({ facts, document: old.document, cursor, calendar }, document, now);
    const decisions = decisionsOf({ skips: moved.skips, deferrals: [] });
    rows.push({ id, cursor: moved.cursor, decisions });
  }
  await manager.query(STORE, [organisationId, JSON.stringify(rows), new Date(now), versionId]);
}

async function tell(scope: Scope, versionId: string, all: readonly LoadedEnrolment[]): Promise<void> {
  await audit(
    scope,
    all.map(({ id, versionId: from }) => ({
      action: 'enrolment.moved',
      subjectType: 'enrolment',
      subjectId: id,
      detail: { from, to: versionId },
    })),
  );
  for (const customerId of new Set(all.map((each) => each.customerId))) {
    const moved = all.filter((each) => each.customerId === customerId);
    await wakeEnrolments(scope, { customerId, invoiceIds: moved.map(({ invoiceId }) => invoiceId) });
  }
}
