import type { Refused, SuppressionInput, Written } from '#contracts/schemas/index.js';
import { email, phone, telegramChatId } from '#contracts/schemas/scalars.js';
import { parseInstant } from '#domain/instant.js';
import type { PointKind } from '#domain/medium.js';
import { outweighs } from '#domain/suppression.js';
import { announceFacts, lockCustomer, withDaughters } from '../announce.js';
import type { Scope } from '../scope.js';
import { audit } from './audit.js';
import { refParameters } from './find.js';
import { normalisePoint } from './normalise.js';
import { refused } from './refusal.js';

const CHECKS = { email, phone, telegram: telegramChatId } as const;

/**
 * Nothing is sent to this address any more, of whichever customers it is; with a medium nothing by that medium (a STOP by
 * SMS leaves calls alone), with a purpose nothing by steps of that purpose. `externalId` of the result is the address in
 * its normal form. Suppressing the same again changes nothing, but for a reason that is harder to take back, which takes the
 * place of the standing one; a wider and a narrower one stand side by side.
 */
export async function suppress(scope: Scope, input: SuppressionInput): Promise<Written | Refused> {
  const checked = CHECKS[input.kind].safeParse(input.value);
  const problem = checked.error?.issues[0];
  if (problem) return refused(input.value, 'invalid_value', 'value', problem.message);
  const normalised = normalisePoint(input.kind, input.value);
  const customers = await lockHolders(scope, input.kind, normalised);
  await makeWay(scope, input, normalised);
  const { id, created } = await insertOrFind(scope, input, normalised);
  if (!created) return { id, externalId: normalised, result: 'unchanged' };
  const { kind, medium, purpose, reason } = input;
  const detail = { kind, medium, purpose, reason };
  await audit(scope, [{ action: 'suppression.placed', subjectType: 'suppression', subjectId: id, detail }]);
  for (const customerId of customers) await announceFacts(scope, { customerId });
  return { id, externalId: normalised, result: 'created' };
}

/** Locks the customers who have the address, and those who may be turned to there, one at a time in the order of their ids. */
async function lockHolders(scope: Scope, kind: PointKind, normalised: string): Promise<string[]> {
  const rows = await scope.manager.query<{ customer_id: string }[]>(
    withDaughters(`select distinct q.customer_id
     from contact_point t join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
     where t.organisation_id = $1 and t.kind = $2 and t.normalised = $3`),
    [scope.organisationId, kind, normalised],
  );
  for (const row of rows) await lockCustomer(scope, row.customer_id);
  return rows.map((row) => row.customer_id);
}

/** Under the locks of all who have the address. */
async function makeWay(scope: Scope, input: SuppressionInput, normalised: string): Promise<void> {
  const standing = await findStanding(scope, input, normalised);
  if (!standing || !outweighs(input.reason, standing.reason)) return;
  await scope.manager.query('update suppression set lifted_at = $3 where organisation_id = $1 and id = $2', [
    scope.organisationId,
    standing.id,
    new Date(scope.now),
  ]);
}

async function insertOrFind(
  scope: Scope,
  input: SuppressionInput,
  normalised: string,
): Promise<{ id: string; created: boolean }> {
  const at = input.effectiveAt === undefined ? scope.now : parseInstant(input.effectiveAt);
  const inserted = await scope.manager.query<{ id: string }[]>(
    `insert into suppression (organisation_id, kind, normalised, medium, purpose, reason, evidence, effective_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (organisation_id, kind, normalised, medium, purpose) where lifted_at is null do nothing returning id`,
    [
      ...standingKey(scope, input, normalised),
      input.reason,
      JSON.stringify(input.evidence ?? {}),
      new Date(at),
    ],
  );
  if (inserted[0]) return { id: inserted[0].id, created: true };
  const standing = await findStanding(scope, input, normalised);
  if (!standing) throw new Error('A suppression was lifted at the moment it was placed again; do it again.');
  return { id: standing.id, created: false };
}

type Suppressed = Pick<SuppressionInput, 'kind' | 'value' | 'medium' | 'purpose'>;

const standingKey = (scope: Scope, { kind, medium, purpose }: Suppressed, normalised: string) => [
  scope.organisationId,
  kind,
  normalised,
  medium ?? null,
  purpose ?? null,
];

async function findStanding(
  scope: Scope,
  which: Suppressed,
  normalised: string,
): Promise<{ id: string; reason: string } | null> {
  const [standing] = await scope.manager.query<{ id: string; reason: string }[]>(
    `select id, reason from suppression
     where organisation_id = $1 and kind = $2 and normalised = $3 and medium is not distinct from $4
       and purpose is not distinct from $5 and lifted_at is null`,
    standingKey(scope, which, normalised),
  );
  return standing ?? null;
}

interface SuppressionRow {
  kind: PointKind;
  normalised: string;
  lifted_at: Date | null;
}

/**
 * Takes back exactly what {@link suppress} placed with the same address, medium and purpose; a wider one stays.
 *
 * @returns null when there is no such suppression
 */
export async function liftSuppressionOf(
  scope: Scope,
  which: Suppressed,
  reason?: string,
): Promise<Written | Refused | null> {
  const standing = await findStanding(scope, which, normalisePoint(which.kind, which.value));
  return standing && liftSuppression(scope, standing.id, reason);
}

/** The address may be written to again. Lifting it again changes nothing. */
export async function liftSuppression(scope: Scope, id: string, reason?: string): Promise<Written | Refused> {
  const found = await readSuppression(scope, id);
  if (!found) return refused(id, 'unknown_suppression', 'id', 'is no suppression; correct the id');
  const customers = await lockHolders(scope, found.kind, found.normalised);
  const [, lifted] = await scope.manager.query<[unknown[], number]>(
    'update suppression set lifted_at = $3 where organisation_id = $1 and id = $2 and lifted_at is null',
    [scope.organisationId, id, new Date(scope.now)],
  );
  if (lifted === 0) return { id, externalId: found.normalised, result: 'unchanged' };
  await audit(scope, [
    { action: 'suppression.lifted', subjectType: 'suppression', subjectId: id, detail: { reason } },
  ]);
  for (const customerId of customers) await announceFacts(scope, { customerId });
  return { id, externalId: found.normalised, result: 'updated' };
}

async function readSuppression(scope: Scope, id: string): Promise<SuppressionRow | null> {
  const [row] = await scope.manager.query<SuppressionRow[]>(
    'select kind, normalised, lifted_at from suppression where organisation_id = $1 and id = $2',
    [scope.organisationId, refParameters({ id })[0]],
  );
  return row ?? null;
}
