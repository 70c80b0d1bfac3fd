import type { InvoiceInput, Refused, UpsertResult } from '#contracts/schemas/index.js';
import { startOfDay } from '#domain/local-time.js';
import type { Scope } from '../scope.js';
import { announceMany, lockQuietly } from './announce-many.js';
import { audit } from './audit.js';
import {
  type NewInvoice,
  type ReadInvoices,
  insertInvoices,
  readInvoices,
  updateInvoices,
} from './invoice-sql.js';
import {
  type InvoiceState,
  type Parties,
  type StoredInvoice,
  changeRefusal,
  changedFields,
  ledgerAfter,
  mergeInvoice,
} from './invoice-state.js';
import { statusChange, storeStatus } from './ledger.js';
import { matchPayments } from './match-payments.js';
import { refused } from './refusal.js';
import { AGAIN, inRounds } from './rounds.js';
import { followUnapplied } from './unapplied.js';

/**
 * Creates or updates invoices by their external ids, with their parts. What an input leaves out stays as it is. A moved
 * due date or another amount is a fact: the outreach about that invoice is planned anew; an amount below what is
 * allocated is refused. Money that came before its invoice pays it. Set-based: some nine round trips however many there are; at most a few thousand at once.
 *
 * @returns one result an input, in their order
 */
export const upsertInvoices = (scope: Scope, inputs: readonly InvoiceInput[]): Promise<UpsertResult[]> =>
  inRounds(
    inputs,
    (input) => input.externalId,
    (round) => upsertRound(scope, round),
  );

/** Those that the invoices are of, or will be: a payment for a new one may be on its way in. */
const CONCERNED = `c.id in (
  select i.customer_id from invoice i where i.organisation_id = $1
    and i.external_id = any (array(select jsonb_array_elements_text($2::jsonb -> 'invoices')))
  union all
  select n.id from customer n where n.organisation_id = $1
    and n.external_id = any (array(select jsonb_array_elements_text($2::jsonb -> 'customers'))))`;

type Plan =
  | { kind: 'create'; invoice: NewInvoice }
  | { kind: 'change'; invoice: InvoiceState & { id: string }; stored: StoredInvoice; fields: string[] }
  | { kind: 'unchanged'; stored: StoredInvoice }
  | { kind: 'refused'; refusal: Refused };

async function upsertRound(
  scope: Scope,
  inputs: readonly InvoiceInput[],
): Promise<(UpsertResult | typeof AGAIN)[]> {
  const concerned = {
    invoices: inputs.map((input) => input.externalId),
    customers: [...new Set(inputs.map((input) => input.customerExternalId))],
  };
  await lockQuietly(scope, CONCERNED, JSON.stringify(concerned));
  const read = await readInvoices(scope, inputs);
  const plans = inputs.map((input) => planInvoice(read, input));
  const created = await insertInvoices(
    scope,
    plans.flatMap((plan) => (plan.kind === 'create' ? [plan.invoice] : [])),
  );
  await matchPayments(scope, [...created.values()]);
  await change(
    scope,
    plans.flatMap((plan) => (plan.kind === 'change' ? [plan] : [])),
  );
  await followUnapplied(
    scope,
    [...read.customers.values()].filter(({ waits }) => waits).map(({ id }) => id),
  );
  return plans.map((plan) => resultOf(plan, created));
}

function planInvoice(read: ReadInvoices, input: InvoiceInput): Plan {
  const stored = read.stored.get(input.externalId);
  const parties = partiesOf(read, stored, input);
  if ('result' in parties) return { kind: 'refused', refusal: parties };
  const invoice = mergeInvoice(stored, input, parties);
  if ('result' in invoice) return { kind: 'refused', refusal: invoice };
  if (!stored) {
    const effectiveAt = startOfDay(input.issuedOn, parties.zone);
    return { kind: 'create', invoice: { ...invoice, effectiveAt } };
  }
  const fields = changedFields(stored, invoice);
  if (fields.length === 0) return { kind: 'unchanged', stored };
  const refusal = changeRefusal(stored, invoice);
  if (refusal) return { kind: 'refused', refusal };
  return { kind: 'change', invoice: { ...invoice, id: stored.id }, stored, fields };
}

function partiesOf(
  { customers, creditors, onlyCreditor, hasCreditors }: ReadInvoices,
  stored: StoredInvoice | undefined,
  { externalId, customerExternalId, creditorExternalId }: InvoiceInput,
): (Parties & { zone: string }) | Refused {
  const customer = customers.get(customerExternalId);
  if (!customer) {
    const message = 'is no customer; load the customer first, or correct the id';
    return refused(externalId, 'unknown_customer', 'customerExternalId', message);
  }
  const named = creditorExternalId === undefined ? null : creditors.get(creditorExternalId);
  if (named === undefined) {
    return refused(externalId, 'unknown_creditor', 'creditorExternalId', 'is no creditor; create it first');
  }
  const creditorId = named ?? (stored ? null : onlyCreditor);
  if (creditorId === null && !stored) {
    const message = hasCreditors
      ? 'names no creditor, and the organisation has several; write creditorExternalId'
      : 'names no creditor, and the organisation has none yet; create one with PUT /v1/creditors/ext:{id}';
    return refused(externalId, 'ambiguous_creditor', 'creditorExternalId', message);
  }
  return { customerId: customer.id, zone: customer.zone, creditorId };
}

async function change(scope: Scope, plans: readonly (Plan & { kind: 'change' })[]): Promise<void> {
  await updateInvoices(
    scope,
    plans.map((plan) => plan.invoice),
  );
  const ledgers = plans.map(({ stored, invoice }) => ledgerAfter(stored, invoice));
  await storeStatus(
    scope,
    ledgers.flatMap((ledger) => statusChange(ledger, scope.now) ?? []),
  );
  await audit(
    scope,
    plans.map(({ stored, fields }) => ({
      action: 'invoice.updated',
      subjectType: 'invoice',
      subjectId: stored.id,
      detail: { fields },
    })),
  );
  await announceMany(scope, concernedBy(plans));
}

/** In the order of the customers' ids. */
function concernedBy(plans: readonly (Plan & { kind: 'change' })[]) {
  const byCustomer = new Map<string, string[]>();
  for (const { stored } of plans) {
    byCustomer.set(stored.customerId, [...(byCustomer.get(stored.customerId) ?? []), stored.id]);
  }
  return [...byCustomer]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([customerId, invoiceIds]) => ({ customerId, invoiceIds }));
}

function resultOf(plan: Plan, created: ReadonlyMap<string, string>): UpsertResult | typeof AGAIN {
  switch (plan.kind) {
    case 'refused':
      return plan.refusal;
    case 'create': {
      const { externalId } = plan.invoice;
      const id = created.get(externalId);
      return id === undefined ? AGAIN : { id, externalId, result: 'created' };
    }
    case 'change':
      return { id: plan.stored.id, externalId: plan.stored.externalId, result: 'updated' };
    case 'unchanged':
      return { id: plan.stored.id, externalId: plan.stored.externalId, result: 'unchanged' };
  }
}
