import type { Refused, Written } from '#contracts/schemas/index.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { type MoneyTable, readSource, unknownSource } from './allocate.js';
import { audit } from './audit.js';
import type { Ref } from './find.js';
import { refused } from './refusal.js';
import { followUnapplied } from './unapplied.js';

/**
 * Keeps what no invoice got of a payment or credit note as the customer's credit, which holds no outreach back; or takes that
 * back. It can be allocated all the same. Doing it again changes nothing.
 */
export async function keepAsCredit(
  scope: Scope,
  table: MoneyTable,
  ref: Ref,
  keep: boolean,
  reason?: string,
): Promise<Written | Refused> {
  const found = await readSource(scope, table, ref);
  if (!found) return unknownSource(table, ref);
  await lockCustomer(scope, found.customerId);
  const source = (await readSource(scope, table, { id: found.id })) ?? found;
  const written = { id: source.id, externalId: source.externalId };
  if (source.isKept === keep) return { ...written, result: 'unchanged' };
  if (keep && source.free === 0) {
    const message = 'has nothing left that no invoice got; there is nothing to keep';
    return refused(source.externalId, 'wrong_state', 'id', message);
  }
  await scope.manager.query(`update ${table} set kept_at = $3 where organisation_id = $1 and id = $2`, [
    scope.organisationId,
    source.id,
    keep ? new Date(scope.now) : null,
  ]);
  await audit(scope, [
    {
      action: keep ? `${table}.kept` : `${table}.not_kept`,
      subjectType: table,
      subjectId: source.id,
      detail: { reason },
    },
  ]);
  await followUnapplied(scope, [source.customerId]);
  await announceFacts(scope, { customerId: source.customerId });
  return { ...written, result: 'updated' };
}
