import type { Instant } from '#domain/instant.js';
import { type Prepared, queryLast } from '#store/prepared.js';
import { withOrganisation } from '#store/with-organisation.js';
import { type EngineDeps, TIMING } from '../deps.js';

/** Whether organisation $1 is stopped by itself or, when it is live, with the whole installation. */
export const STOPPED = `exists (
    select from organisation stop where stop.id = $1 and (stop.stopped_at is not null
      or (stop.kind = 'live' and exists (select from installation_stop s where s.released_at is null))))`;

const READ: Prepared = { name: 'is-stopped', text: `select ${STOPPED} as stopped` };

/** Asked right before a call is begun. @param seen by the transaction that wrote the contact: believed for so long */
export async function isStoppedNow(
  { dataSource, timing = TIMING }: Pick<EngineDeps, 'dataSource' | 'timing'>,
  organisationId: string,
  { isStopped, seenAt }: { isStopped: boolean; seenAt: Instant },
): Promise<boolean> {
  if (isStopped || Date.now() - seenAt < timing.stopSeenMs) return isStopped;
  return withOrganisation(dataSource, organisationId, async (manager) => {
    const [row] = await queryLast<{ stopped: boolean }>(manager, READ, [organisationId]);
    return row?.stopped ?? false;
  });
}
