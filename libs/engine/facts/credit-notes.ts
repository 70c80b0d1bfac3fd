import type { CreditNoteInput, Refused, Written } from '#contracts/schemas/index.js';
import { formatAmount, parseAmount } from '#domain/money.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { invoicesNamed, sharesOf, storeShares } from './allocate.js';
import { audit } from './audit.js';
import { findCustomer, zoneOf } from './find.js';
import { statusChange, storeStatus } from './ledger.js';
import { effectiveAtOf } from './payment-plan.js';
import { refused } from './refusal.js';
import { followUnapplied } from './unapplied.js';

/**
 * Records a credit to a customer and applies it to invoices; what is not allocated stays with the customer. Idempotent
 * by external id. More than an invoice owes is refused: a credit note that fits nothing is a mistake of its writer.
 */
export async function recordCreditNote(scope: Scope, input: CreditNoteInput): Promise<Written | Refused> {
  const customer = await findCustomer(scope, { externalId: input.customerExternalId });
  if (!customer) {
    const message = 'is no customer; load the customer first, or correct the id';
    return refused(input.externalId, 'unknown_customer', 'customerExternalId', message);
  }
  await lockCustomer(scope, customer.id);
  const amount = parseAmount(input.amount, input.currency);
  const stored = await readStored(scope, input.externalId);
  if (stored) return again(stored, input, customer.id, amount);
  const invoices = await invoicesNamed(scope, customer.id, input.allocations ?? []);
  const { externalId, currency } = input;
  const source = { id: '', externalId, currency, customerId: customer.id, free: amount, as: 'paid' as const };
  const shares = sharesOf(source, invoices, input.allocations ?? []);
  if ('result' in shares) return shares;
  const at =
    effectiveAtOf({ ...input, paidOn: input.creditedOn }, await zoneOf(scope, customer.id)) ?? scope.now;
  const id = await insert(scope, input, customer.id, amount, at);
  await storeShares(scope, 'credit_note_id', id, shares, at);
  await storeStatus(
    scope,
    invoices.flatMap((invoice) => statusChange(invoice, at) ?? []),
  );
  await audit(scope, [{ action: 'credit_note.recorded', subjectType: 'credit_note', subjectId: id }]);
  await followUnapplied(scope, [customer.id]);
  await announceFacts(scope, { customerId: customer.id });
  return { id, externalId, result: 'created' };
}

interface Stored {
  id: string;
  customerId: string;
  amount: number;
  currency: string;
}

async function readStored(scope: Scope, externalId: string): Promise<Stored | null> {
  const [row] = await scope.manager.query<Stored[]>(
    `select id, customer_id as "customerId", amount_minor as amount, currency from credit_note
     where organisation_id = $1 and external_id = $2`,
    [scope.organisationId, externalId],
  );
  return row ?? null;
}

function again(
  stored: Stored,
  { externalId, currency }: CreditNoteInput,
  customerId: string,
  amount: number,
) {
  if (stored.customerId === customerId && stored.amount === amount && stored.currency === currency) {
    return { id: stored.id, externalId, result: 'unchanged' as const };
  }
  const was = `${formatAmount(stored.amount, stored.currency)} ${stored.currency}`;
  return refused(externalId, 'differs', 'externalId', `is a credit note of ${was} already; use another id`);
}

async function insert(
  scope: Scope,
  { externalId, currency, reason }: CreditNoteInput,
  customerId: string,
  amount: number,
  at: number,
): Promise<string> {
  const [row] = await scope.manager.query<{ id: string }[]>(
    `insert into credit_note (organisation_id, external_id, customer_id, amount_minor, currency, reason, effective_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [scope.organisationId, externalId, customerId, amount, currency, reason ?? null, new Date(at)],
  );
  if (!row) throw new Error(`Credit note ${externalId} was not stored.`);
  return row.id;
}
