import type { LocalDate } from '#domain/instant.js';
import { audit } from '../facts/audit.js';
import type { LockedScope } from '../lock-invoice.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';

/** Row by row under its lock, so that however many workers count, they never count past the ceiling. */
const COUNT = `
  insert into sending_day as d (organisation_id, day, sent) values ($1, $2, 1)
  on conflict (organisation_id, day) do update set sent = d.sent + 1 where d.sent < $3
  returning sent`;

/** Counts a message of a day. @returns whether the day still had room for it */
export async function countMessage(scope: LockedScope, day: LocalDate, ceiling: number): Promise<boolean> {
  const { manager, organisationId } = scope;
  const rows = await manager.query<object[]>(COUNT, [organisationId, day, ceiling]);
  if (rows.length > 0) return true;
  await alert(scope, day, ceiling);
  return false;
}

/** A message that was counted and certainly did not go out. */
export async function uncountMessage(
  { manager, organisationId }: Pick<Scope, 'manager' | 'organisationId'>,
  day: LocalDate,
): Promise<void> {
  await manager.query(
    'update sending_day set sent = sent - 1 where organisation_id = $1 and day = $2 and sent > 0',
    [organisationId, day],
  );
}

/** Once a day, when the ceiling keeps something back for the first time. */
async function alert(scope: LockedScope, day: LocalDate, ceiling: number): Promise<void> {
  const { manager, organisationId } = scope;
  const [rows] = await manager.query<[object[], number]>(
    `update sending_day set reached_at = clock_timestamp()
     where organisation_id = $1 and day = $2 and reached_at is null returning day`,
    [organisationId, day],
  );
  if (rows.length === 0) return;
  const detail = { day, ceiling };
  await audit(scope, [
    {
      action: 'organisation.ceiling_reached',
      subjectType: 'organisation',
      subjectId: organisationId,
      detail,
    },
  ]);
  await emit(scope, { type: 'organisation.ceiling_reached', subjectId: organisationId, data: detail });
}
