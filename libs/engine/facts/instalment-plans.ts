import type { InstalmentPlanInput, Refused, Written } from '#contracts/schemas/index.js';
import { type PlanFacts, type PlanState, stateOf } from '#domain/instalments.js';
import { localDateOf } from '#domain/local-time.js';
import { formatAmount, minorOf } from '#domain/money.js';
import { announceFacts, lockCustomer } from '../announce.js';
import { PLAN } from '../enrolment-sql.js';
import type { Scope } from '../scope.js';
import { emit } from '../webhooks/emit.js';
import { audit } from './audit.js';
import { findInvoice, zoneOf } from './find.js';
import { openOf, readLedgers } from './ledger.js';
import { refused } from './refusal.js';

const DEFAULT_GRACE_DAYS = 3;
const DEFAULT_MISSES_ALLOWED = 1;

/**
 * Agrees on instalments for all that is open of an invoice; an earlier plan of it is cancelled. From now on its instalments are
 * reminded of one by one, and nothing else of its ladder goes out until the plan ends. `externalId` of the result is the invoice's.
 */
export async function agreePlan(
  scope: Scope,
  invoiceId: string,
  input: InstalmentPlanInput,
): Promise<Written | Refused> {
  const invoice = await findInvoice(scope, { id: invoiceId });
  if (!invoice) return refused(invoiceId, 'unknown_invoice', 'id', 'is no invoice; correct the id');
  const { externalId, customerId } = invoice;
  await lockCustomer(scope, customerId);
  const parts = await partsInMinor(scope, invoice, input);
  if ('why' in parts) return refused(externalId, ...parts.why);
  await cancelStanding(scope, invoiceId);
  const id = await insert(scope, invoice, { ...input, parts });
  const detail = { plan: id, evidence: input.evidence };
  await audit(scope, [{ action: 'plan.agreed', subjectType: 'invoice', subjectId: invoiceId, detail }]);
  await emit(scope, {
    type: 'plan.agreed',
    subjectId: invoiceId,
    data: { planId: id, instalments: input.parts.length, lastDueOn: input.parts.at(-1)?.dueOn },
  });
  await announceFacts(scope, { customerId, invoiceIds: [invoiceId] });
  return { id, externalId, result: 'created' };
}

/** Ends a plan by hand: the ladder goes on with all that is open, as it was before. */
export async function cancelPlan(scope: Scope, invoiceId: string): Promise<Written | Refused> {
  const invoice = await findInvoice(scope, { id: invoiceId });
  if (!invoice) return refused(invoiceId, 'unknown_invoice', 'id', 'is no invoice; correct the id');
  const { externalId, customerId } = invoice;
  await lockCustomer(scope, customerId);
  const state = await stateOfPlan(scope, invoiceId);
  if (state !== 'active') return refused(externalId, 'wrong_state', 'id', NOT_ACTIVE[state]);
  const id = await cancelStanding(scope, invoiceId);
  if (id === null) throw new Error('A plan that stands under the lock is there to be cancelled.');
  await audit(scope, [
    { action: 'plan.cancelled', subjectType: 'invoice', subjectId: invoiceId, detail: { plan: id } },
  ]);
  await emit(scope, { type: 'plan.cancelled', subjectId: invoiceId, data: { planId: id } });
  await announceFacts(scope, { customerId, invoiceIds: [invoiceId] });
  return { id, externalId, result: 'updated' };
}

const NOT_ACTIVE: Record<'kept' | 'broken' | 'none', string> = {
  none: 'has no instalment plan; agree on one first',
  kept: 'has an instalment plan that was kept; there is nothing to cancel',
  broken: 'has an instalment plan that was broken, so that its ladder goes on already; agree on another',
};

/** Of the plan that was not cancelled, as of now. */
async function stateOfPlan(scope: Scope, invoiceId: string): Promise<PlanState | 'none'> {
  const [row] = await scope.manager.query<{ zone: string; plan: PlanFacts }[]>(
    `select c.zone, ${PLAN} as plan from instalment_plan r
     join customer c on c.organisation_id = r.organisation_id and c.id = r.customer_id
     where r.organisation_id = $1 and r.invoice_id = $2 and r.cancelled_at is null`,
    [scope.organisationId, invoiceId],
  );
  return row ? stateOf(row.plan, row.zone, scope.now) : 'none';
}

type Why = [reason: Refused['reason'], field: string, message: string];

interface MinorPart {
  dueOn: string;
  amount: number;
}

/** In minor units, or why they cannot be agreed on. Read under the customer's lock. */
async function partsInMinor(
  scope: Scope,
  { id, customerId }: { id: string; customerId: string },
  { parts }: InstalmentPlanInput,
): Promise<MinorPart[] | { why: Why }> {
  const [ledger] = await readLedgers(scope, [id]);
  if (ledger?.status !== 'open') return { why: ['invoice_not_open', 'id', NOT_OPEN] };
  const { currency } = ledger;
  const today = localDateOf(scope.now, await zoneOf(scope, customerId));
  if ((parts[0]?.dueOn ?? today) < today)
    return { why: ['in_the_past', 'parts[0].dueOn', 'has passed; write today or a later day'] };
  const minor: MinorPart[] = [];
  for (const [index, { dueOn, amount: text }] of parts.entries()) {
    const amount = minorOf(text, currency);
    const unfit = `does not fit ${currency}; write fewer decimals`;
    if (amount === null) return { why: ['invalid_value', `parts[${index}].amount`, unfit] };
    minor.push({ dueOn, amount });
  }
  const [sum, open] = [minor.reduce((all, { amount }) => all + amount, 0), openOf(ledger)];
  if (sum === open) return minor;
  const figures = `come to ${formatAmount(sum, currency)}, and ${formatAmount(open, currency)} ${currency} is open`;
  return { why: ['invalid_value', 'parts', `${figures}; make them add up to that`] };
}

const NOT_OPEN = 'is settled, cancelled or written off: there is nothing to pay; leave the plan out';

/** @returns the id of the one that stood; null when none did */
async function cancelStanding(
  { manager, organisationId, now }: Scope,
  invoiceId: string,
): Promise<string | null> {
  const [rows] = await manager.query<[{ id: string }[], number]>(
    `update instalment_plan set cancelled_at = $3
     where organisation_id = $1 and invoice_id = $2 and cancelled_at is null returning id`,
    [organisationId, invoiceId, new Date(now)],
  );
  return rows[0]?.id ?? null;
}

async function insert(
  { manager, organisationId, now }: Scope,
  { id, customerId }: { id: string; customerId: string },
  {
    parts,
    graceDays = DEFAULT_GRACE_DAYS,
    missesAllowed = DEFAULT_MISSES_ALLOWED,
  }: Omit<InstalmentPlanInput, 'parts'> & { parts: MinorPart[] },
): Promise<string> {
  const [row] = await manager.query<{ id: string }[]>(
    `insert into instalment_plan (organisation_id, customer_id, invoice_id, number, parts, grace_days, misses_allowed, effective_at)
     values ($1, $2, $3, 1 + (select count(*) from instalment_plan where organisation_id = $1 and invoice_id = $3), $4, $5, $6, $7)
     returning id`,
    [organisationId, customerId, id, JSON.stringify(parts), graceDays, missesAllowed, new Date(now)],
  );
  if (!row) throw new Error('An instalment plan was not stored.');
  return row.id;
}
