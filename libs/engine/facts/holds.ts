import type { HoldInput, Refused, Written } from '#contracts/schemas/index.js';
import { type Instant, parseInstant } from '#domain/instant.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';
import { audit } from './audit.js';
import { refParameters } from './find.js';
import { refused } from './refusal.js';
import { concernedBy, targetOf } from './target.js';

/** A hold has no external id of its own: `externalId` of the result is the customer's or the invoice's. */
export async function placeHold(scope: Scope, input: HoldInput): Promise<Written | Refused> {
  const target = await targetOf(scope, input);
  if ('result' in target) return target;
  await lockCustomer(scope, target.customerId);
  const expiresAt = input.expiresAt === undefined ? null : parseInstant(input.expiresAt);
  if (expiresAt !== null && expiresAt <= scope.now) {
    return refused(target.externalId, 'in_the_past', 'expiresAt', 'has passed; write a later instant');
  }
  if (target.invoiceId !== null && !(await isOpen(scope, target.invoiceId))) {
    const message = 'is settled, cancelled or written off: nothing is sent about it; leave the hold out';
    return refused(target.externalId, 'invoice_not_open', 'invoiceExternalId', message);
  }
  const effectiveAt = input.effectiveAt === undefined ? scope.now : parseInstant(input.effectiveAt);
  const id = await insertHold(scope, { ...input, ...target, expiresAt, effectiveAt });
  const detail = { kind: input.kind, reason: input.reason };
  await audit(scope, [{ action: 'hold.placed', subjectType: 'hold', subjectId: id, detail }]);
  await announceFacts(scope, concernedBy(target));
  return { id, externalId: target.externalId, result: 'created' };
}

/** Read under the customer's lock. */
async function isOpen(scope: Scope, invoiceId: string): Promise<boolean> {
  const [row] = await scope.manager.query<{ status: string }[]>(
    'select status from invoice where organisation_id = $1 and id = $2',
    [scope.organisationId, invoiceId],
  );
  return row?.status === 'open';
}

/** A hold to store. `invoiceId` null: every invoice of the customer. */
export interface NewHold {
  customerId: string;
  invoiceId: string | null;
  kind: HoldInput['kind'];
  reason?: string | undefined;
  evidence?: object | undefined;
  effectiveAt: Instant;
  expiresAt: Instant | null;
}

/** Stores a hold and tells who listens. @returns its id */
export async function insertHold(scope: Scope, hold: NewHold): Promise<string> {
  const [row] = await scope.manager.query<{ id: string }[]>(
    `insert into hold (organisation_id, customer_id, invoice_id, kind, reason, evidence, effective_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [
      scope.organisationId,
      hold.customerId,
      hold.invoiceId,
      hold.kind,
      hold.reason ?? null,
      JSON.stringify(hold.evidence ?? {}),
      new Date(hold.effectiveAt),
      hold.expiresAt === null ? null : new Date(hold.expiresAt),
    ],
  );
  if (!row) throw new Error(`The hold on customer ${hold.customerId} was not stored.`);
  await emitHold(scope, 'hold.placed', { ...hold, id: row.id });
  return row.id;
}

/** Tells who listens of a hold, under its customer's lock. */
export const emitHold = (
  scope: Scope,
  type: 'hold.placed' | 'hold.released',
  { id, kind, customerId, invoiceId }: Pick<NewHold, 'kind' | 'customerId' | 'invoiceId'> & { id: string },
): Promise<void> => emit(scope, { type, subjectId: invoiceId ?? customerId, data: { holdId: id, kind } });

interface HoldRow extends Pick<NewHold, 'kind' | 'customerId' | 'invoiceId'> {
  id: string;
  releasedAt: Date | null;
  expiresAt: Date | null;
}

/** Ends a hold before its time. Releasing it again, or one that has expired, changes nothing. */
export async function releaseHold(scope: Scope, id: string, reason?: string): Promise<Written | Refused> {
  const found = await readHold(scope, id);
  if (!found) return refused(id, 'unknown_hold', 'id', 'is no hold; correct the id');
  await lockCustomer(scope, found.customerId);
  const hold = (await readHold(scope, id)) ?? found;
  const over = hold.releasedAt !== null || (hold.expiresAt !== null && hold.expiresAt.getTime() <= scope.now);
  if (over) return { id, externalId: id, result: 'unchanged' };
  await scope.manager.query('update hold set released_at = $3 where organisation_id = $1 and id = $2', [
    scope.organisationId,
    id,
    new Date(scope.now),
  ]);
  await audit(scope, [{ action: 'hold.released', subjectType: 'hold', subjectId: id, detail: { reason } }]);
  await emitHold(scope, 'hold.released', hold);
  await announceFacts(scope, concernedBy(hold));
  return { id, externalId: id, result: 'updated' };
}

/** The customer has been answered: what kept the outreach back for it ends. Under the customer's lock. */
export async function releaseReplyHolds(scope: Scope, customerId: string): Promise<void> {
  const [released] = await scope.manager.query<[{ id: string }[], number]>(
    `update hold set released_at = $3
     where organisation_id = $1 and customer_id = $2 and kind = 'reply' and released_at is null and expires_at > $3
     returning id`,
    [scope.organisationId, customerId, new Date(scope.now)],
  );
  for (const { id } of released)
    await emitHold(scope, 'hold.released', { id, kind: 'reply', customerId, invoiceId: null });
}

async function readHold(scope: Scope, id: string): Promise<HoldRow | null> {
  const [row] = await scope.manager.query<HoldRow[]>(
    `select id, kind, customer_id as "customerId", invoice_id as "invoiceId", released_at as "releasedAt",
       expires_at as "expiresAt"
     from hold where organisation_id = $1 and id = $2`,
    [scope.organisationId, refParameters({ id })[0]],
  );
  return row ?? null;
}
