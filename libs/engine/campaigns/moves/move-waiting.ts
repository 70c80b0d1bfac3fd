import type { DataSource } from 'typeorm';
import type { WorkingCalendar } from '#domain/working-days.js';
import { withSystem } from '#store/with-organisation.js';
import { emit } from '../../webhooks/emit.js';
import { type Scope, withScope } from '../../scope.js';
import { type Candidate, moveChunk, type StandingMove } from './move-chunk.js';
import { OLDER } from './request-move.js';

export interface MoveDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  /** Of the role `system`: which organisations have something to move. */
  system: DataSource;
  calendar: WorkingCalendar;
}

/** Enrolments that are looked at before the next move has its turn. */
const PAGE = 2_000;
/** Enrolments of one transaction: their customers are locked meanwhile. */
const CHUNK = 100;

const STANDING = `select organisation_id, id from campaign_move where state = 'standing' order by id`;

/**
 * Works off the moves that stand, a page of each. What a crash interrupts goes on where it was; two workers at once move
 * nobody twice. One that cannot be carried out holds up no other: its error is thrown when there is nothing else left to move.
 *
 * @returns how many moved; call it again until it says 0, and then now and then
 */
export async function moveWaiting(deps: MoveDeps): Promise<number> {
  const { system } = deps;
  const standing = await withSystem(system, (manager) =>
    manager.query<{ organisation_id: string; id: string }[]>(STANDING),
  );
  const turns = standing.map(
    ({ organisation_id, id }) =>
      () =>
        movePage(deps, organisation_id, id),
  );
  const results: PromiseSettledResult<number>[] = [];
  for (const turn of turns) results.push(...(await Promise.allSettled([turn()])));
  const moved = results.reduce((sum, each) => sum + (each.status === 'fulfilled' ? each.value : 0), 0);
  const failed = results.find((each) => each.status === 'rejected');
  if (failed && moved === 0) throw failed.reason;
  return moved;
}

async function movePage(
  { dataSource, calendar }: MoveDeps,
  organisationId: string,
  id: string,
): Promise<number> {
  const within = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
    withScope(dataSource, organisationId, 'engine', work);
  const page = await within((scope) => nextPage(scope, id));
  if (!page) return 0;
  let moved = 0;
  for (let at = 0; at < page.ready.length; at += CHUNK)
    moved += await within((scope) => moveChunk(scope, calendar, page.move, page.ready.slice(at, at + CHUNK)));
  await within((scope) => goOn(scope, id, page.last));
  return moved;
}

interface Page {
  move: StandingMove;
  ready: Candidate[];
  /** The last enrolment looked at; null at the end of a round. */
  last: string | null;
}

interface MoveRow extends Omit<StandingMove, 'older'> {
  older: string[] | null;
  mode: 'next_step' | 'now';
  last_id: string | null;
  effective_at: Date;
}

/** After $3: with whether their time has come. In `next_step` that is when a step has been decided since the move was asked for. */
const CANDIDATES = `
  select e.id, e.customer_id as "customerId", ($5 = 'now' or exists (
      select from attempt a where a.organisation_id = $1 and a.enrolment_id = e.id
        and a.decision <> 'deferred' and a.decided_at >= $6)) as ready
  from enrolment e
  where e.organisation_id = $1 and e.campaign_id = $2 and e.state = 'open' and ($3::uuid is null or e.id > $3)
    and e.version_id = any ($4::uuid[])
  order by e.id limit ${PAGE}`;

/** @returns null when there is nobody left: then the move is over */
async function nextPage(scope: Scope, id: string): Promise<Page | null> {
  const move = await readStanding(scope, id);
  if (!move) return null;
  const older = move.older ?? [];
  const rows = await scope.manager.query<(Candidate & { ready: boolean })[]>(CANDIDATES, [
    scope.organisationId,
    move.campaignId,
    move.last_id,
    older,
    move.mode,
    move.effective_at,
  ]);
  if (rows.length === 0 && move.last_id === null) {
    await complete(scope, move);
    return null;
  }
  const last = rows.length < PAGE ? null : (rows.at(-1)?.id ?? null);
  return { move: { ...move, older }, ready: rows.filter(({ ready }) => ready), last };
}

async function readStanding({ manager, organisationId }: Scope, id: string): Promise<MoveRow | null> {
  const [found] = await manager.query<Omit<MoveRow, 'older'>[]>(
    `select id, campaign_id as "campaignId", version_id as "versionId", mode, last_id, effective_at
     from campaign_move where organisation_id = $1 and id = $2 and state = 'standing'`,
    [organisationId, id],
  );
  if (!found) return null;
  const [row] = await manager.query<{ older: string[] | null }[]>(
    `select array_agg(o.id) as older from ${OLDER} o`,
    [organisationId, found.campaignId, found.versionId],
  );
  return { ...found, older: row?.older ?? null };
}

async function complete(scope: Scope, { id, campaignId, versionId }: MoveRow): Promise<void> {
  const [rows] = await scope.manager.query<[{ moved: number }[], number]>(
    `update campaign_move set state = 'done', completed_at = $3
     where organisation_id = $1 and id = $2 and state = 'standing' returning moved`,
    [scope.organisationId, id, new Date(scope.now)],
  );
  for (const { moved } of rows)
    await emit(scope, {
      type: 'campaign.moved',
      subjectId: scope.organisationId,
      data: { campaignId, versionId, moved },
    });
}

const goOn = ({ manager, organisationId }: Scope, id: string, last: string | null): Promise<unknown> =>
  manager.query('update campaign_move set last_id = $3 where organisation_id = $1 and id = $2', [
    organisationId,
    id,
    last,
  ]);
