import type { HoldInput, Refused, Written } from '#contracts/schemas/index.js';
import { endsByItself, HOLD_TRAITS, type ResumeRule } from '#domain/holds.js';
import { type Instant, parseInstant } from '#domain/instant.js';
import { formatAmount, minorOf } from '#domain/money.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';
import { audit } from './audit.js';
import { refParameters, zoneOf } from './find.js';
import { disputedSql, openOf, readLedgers } from './ledger.js';
import { refused } from './refusal.js';
import { concernedBy, type Target, targetOf } from './target.js';

/** A hold has no external id of its own: `externalId` of the result is the customer's or the invoice's. */
export async function placeHold(scope: Scope, input: HoldInput): Promise<Written | Refused> {
  const target = await targetOf(scope, input);
  if ('result' in target) return target;
  await lockCustomer(scope, target.customerId);
  const effectiveAt = input.effectiveAt === undefined ? scope.now : parseInstant(input.effectiveAt);
  const expiresAt = await endOf(scope, target, input, effectiveAt);
  if (expiresAt !== null && expiresAt <= scope.now) {
    return refused(target.externalId, 'in_the_past', 'expiresAt', 'has passed; write a later instant');
  }
  const part = await partOf(scope, target, input);
  if (part !== null && typeof part !== 'number') return part;
  const unknown = await unknownStep(scope, target, input.resume);
  if (unknown) return unknown;
  const id = await insertHold(scope, { ...input, ...target, amount: part, expiresAt, effectiveAt });
  const detail = { kind: input.kind, reason: input.reason };
  await audit(scope, [{ action: 'hold.placed', subjectType: 'hold', subjectId: id, detail }]);
  await announceFacts(scope, concernedBy(target));
  return { id, externalId: target.externalId, result: 'created' };
}

async function endOf(
  scope: Scope,
  { customerId }: Target,
  { kind, expiresAt }: HoldInput,
  from: Instant,
): Promise<Instant | null> {
  if (expiresAt !== undefined) return expiresAt === null ? null : parseInstant(expiresAt);
  return HOLD_TRAITS[kind].days === null ? null : endsByItself(kind, from, await zoneOf(scope, customerId));
}

/** Minor units of a dispute about a part; null where all is held, or why it cannot be. Read under the customer's lock. */
async function partOf(
  scope: Scope,
  { invoiceId, externalId }: Target,
  { amount }: HoldInput,
): Promise<number | null | Refused> {
  if (invoiceId === null) return null;
  const [invoice] = await readLedgers(scope, [invoiceId]);
  if (invoice?.status !== 'open') {
    const message = 'is settled, cancelled or written off: nothing is sent about it; leave the hold out';
    return refused(externalId, 'invoice_not_open', 'invoiceExternalId', message);
  }
  if (amount === undefined) return null;
  const minor = minorOf(amount, invoice.currency);
  if (minor === null)
    return refused(
      externalId,
      'invalid_value',
      'amount',
      `does not fit ${invoice.currency}; write fewer decimals`,
    );
  const undisputed = openOf(invoice) - (await disputedOf(scope, invoiceId));
  if (minor <= undisputed) return minor;
  const most = formatAmount(Math.max(0, undisputed), invoice.currency);
  return refused(
    externalId,
    'more_than_owed',
    'amount',
    `is more than is owed and not disputed yet (${most}); write the part of that`,
  );
}

async function disputedOf({ manager, organisationId, now }: Scope, invoiceId: string): Promise<number> {
  const [row] = await manager.query<{ disputed: string }[]>(`select ${disputedSql('$2', '$3')} as disputed`, [
    organisationId,
    invoiceId,
    new Date(now),
  ]);
  return Number(row?.disputed ?? 0);
}

/** Refuses to go on at a step that no campaign of what is held has. */
async function unknownStep(
  scope: Scope,
  { customerId, invoiceId, externalId }: Target,
  resume: ResumeRule | undefined,
): Promise<Refused | null> {
  if (resume?.rule !== 'step') return null;
  const rows = await scope.manager.query<{ keys: string[] }[]>(
    `select array(select s ->> 'key' from jsonb_array_elements(v.document -> 'steps') s) as keys
     from enrolment e join campaign_version v on v.organisation_id = e.organisation_id and v.id = e.version_id
     where e.organisation_id = $1 and e.customer_id = $2 and e.state = 'open' and ($3::uuid is null or e.invoice_id = $3)`,
    [scope.organisationId, customerId, invoiceId],
  );
  if (rows.some(({ keys }) => keys.includes(resume.step))) return null;
  const known = [...new Set(rows.flatMap(({ keys }) => keys))].join(', ') || 'none, for nothing is enrolled';
  return refused(
    externalId,
    'invalid_value',
    'resume.step',
    `is no step of its campaign; write one of: ${known}`,
  );
}

/** A hold to store. `invoiceId` null: every invoice of the customer. */
export interface NewHold {
  customerId: string;
  invoiceId: string | null;
  kind: HoldInput['kind'];
  /** Minor units of a dispute about a part; null, or left out: all of the invoice. */
  amount?: number | null;
  resume?: ResumeRule | undefined;
  reason?: string | undefined;
  evidence?: object | undefined;
  effectiveAt: Instant;
  expiresAt: Instant | null;
}

/** Stores a hold and tells who listens. @returns its id */
export async function insertHold(scope: Scope, hold: NewHold): Promise<string> {
  const [row] = await scope.manager.query<{ id: string }[]>(
    `insert into hold (organisation_id, customer_id, invoice_id, kind, reason, evidence, effective_at, expires_at, amount_minor,
                       resume)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
    [
      scope.organisationId,
      hold.customerId,
      hold.invoiceId,
      hold.kind,
      hold.reason ?? null,
      JSON.stringify(hold.evidence ?? {}),
      new Date(hold.effectiveAt),
      hold.expiresAt === null ? null : new Date(hold.expiresAt),
      hold.amount ?? null,
      hold.resume ? JSON.stringify(hold.resume) : null,
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

/**
 * Ends a hold before its time. Releasing it again, or one that has expired, changes nothing.
 *
 * @param resume where the ladder goes on; as the hold says unless given
 */
export async function releaseHold(
  scope: Scope,
  id: string,
  { reason, resume }: { reason?: string | undefined; resume?: ResumeRule | undefined } = {},
): Promise<Written | Refused> {
  const found = await readHold(scope, id);
  if (!found) return refused(id, 'unknown_hold', 'id', 'is no hold; correct the id');
  await lockCustomer(scope, found.customerId);
  const hold = (await readHold(scope, id)) ?? found;
  const over = hold.releasedAt !== null || (hold.expiresAt !== null && hold.expiresAt.getTime() <= scope.now);
  if (over) return { id, externalId: id, result: 'unchanged' };
  const unknown = await unknownStep(scope, { ...hold, externalId: id }, resume);
  if (unknown) return unknown;
  await scope.manager.query(
    'update hold set released_at = $3, resume = coalesce($4, resume) where organisation_id = $1 and id = $2',
    [scope.organisationId, id, new Date(scope.now), resume ? JSON.stringify(resume) : null],
  );
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
