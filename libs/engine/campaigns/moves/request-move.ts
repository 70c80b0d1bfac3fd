import type { Scope } from '../../scope.js';

/** Wakes the workers that move enrolments. */
export const MOVE_CHANNEL = 'kindly_move';

/**
 * What becomes of the open enrolments of older versions when a newer one is published: they stay, move when their next step has
 * been decided, or move at once.
 */
export const ENROLMENT_CHOICES = ['keep', 'next_step', 'now'] as const;
export type EnrolmentChoice = (typeof ENROLMENT_CHOICES)[number];
export type MoveMode = Exclude<EnrolmentChoice, 'keep'>;

/** Versions of campaign $2 that come before version $3. */
export const OLDER = `(select v.id from campaign_version v
  join campaign_version t on t.organisation_id = v.organisation_id and t.campaign_id = v.campaign_id and t.id = $3
  where v.organisation_id = $1 and v.campaign_id = $2 and v.number < t.number)`;

/**
 * Puts on record that the open enrolments of older versions are to move to this one; the workers work it off. A move of the
 * campaign that is not over yet ends: who is still to move goes where the newest says.
 */
export async function requestMove(
  scope: Scope,
  campaignId: string,
  versionId: string,
  mode: MoveMode,
): Promise<void> {
  const { manager, organisationId, actor } = scope;
  await endMoves(scope, campaignId);
  await manager.query(
    `insert into campaign_move (organisation_id, campaign_id, version_id, mode, requested_by, effective_at, found)
     select $1, $2, $3, $4, $5, $6, (select count(*) from enrolment e
       where e.organisation_id = $1 and e.campaign_id = $2 and e.state = 'open' and e.version_id in ${OLDER})`,
    [organisationId, campaignId, versionId, mode, actor, new Date(scope.now)],
  );
  await manager.query(`select pg_notify('${MOVE_CHANNEL}', '')`);
}

/** Ends what is still to move, of all versions or of one: a version that is retired takes nobody. */
export async function endMoves(scope: Scope, campaignId: string, versionId?: string): Promise<void> {
  await scope.manager.query(
    `update campaign_move set state = 'superseded', completed_at = $3
     where organisation_id = $1 and campaign_id = $2 and state = 'standing' and ($4::uuid is null or version_id = $4)`,
    [scope.organisationId, campaignId, new Date(scope.now), versionId ?? null],
  );
}

/** How far a move has come. */
export interface MoveView {
  mode: MoveMode;
  state: 'standing' | 'done' | 'superseded';
  /** Open enrolments of older versions when it was asked for. */
  found: number;
  moved: number;
  /** Open enrolments that are in older versions still. */
  remaining: number;
  requestedBy: string;
  requestedAt: Date;
  completedAt: Date | null;
}

/** The latest move to a version; null when none was ever asked for. */
export async function readMove(
  { manager, organisationId }: Scope,
  campaignId: string,
  number: number,
): Promise<MoveView | null> {
  const [row] = await manager.query<MoveView[]>(
    `select m.mode, m.state, m.found, m.moved, m.requested_by as "requestedBy", m.effective_at as "requestedAt",
       m.completed_at as "completedAt", (select count(*)::int from enrolment e
         join campaign_version o on o.organisation_id = e.organisation_id and o.id = e.version_id
         where e.organisation_id = $1 and e.campaign_id = $2 and e.state = 'open' and o.number < $3) as remaining
     from campaign_move m join campaign_version v on v.organisation_id = m.organisation_id and v.id = m.version_id
     where m.organisation_id = $1 and m.campaign_id = $2 and v.number = $3 order by m.id desc limit 1`,
    [organisationId, campaignId, number],
  );
  return row ?? null;
}
