import type { InvoiceEventInput, Refused, Written } from '#contracts/schemas/index.js';
import { type Instant, parseInstant } from '#domain/instant.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { findInvoice } from './find.js';
import { refused } from './refusal.js';

/**
 * Records what happened to an invoice, for the steps that wait for it. A completed milestone also completes its part.
 * With a sequence it is idempotent. `externalId` of the result is the invoice's.
 */
export async function recordInvoiceEvent(scope: Scope, input: InvoiceEventInput): Promise<Written | Refused> {
  const invoice = await findInvoice(scope, { externalId: input.invoiceExternalId });
  if (!invoice) {
    const message = 'is no invoice; load the invoice first, or correct the id';
    return refused(input.invoiceExternalId, 'unknown_invoice', 'invoiceExternalId', message);
  }
  const { id: invoiceId, externalId, customerId } = invoice;
  await lockCustomer(scope, customerId);
  const at = input.effectiveAt === undefined ? scope.now : parseInstant(input.effectiveAt);
  if (input.kind === 'milestone_completed' && !(await completePart(scope, invoiceId, input.sequence, at))) {
    const message = 'is no part of the invoice with a milestone; correct the number';
    return refused(externalId, 'unknown_part', 'sequence', message);
  }
  const created = await insert(scope, invoiceId, input, at);
  if (created === null) {
    return { id: await existing(scope, invoiceId, input), externalId, result: 'unchanged' };
  }
  await announceFacts(scope, { customerId, invoiceIds: [invoiceId] });
  return { id: created, externalId, result: 'created' };
}

/** @returns whether there is such a part; one completed before keeps its time */
async function completePart(
  scope: Scope,
  invoiceId: string,
  sequence: number | undefined,
  at: Instant,
): Promise<boolean> {
  const [, count] = await scope.manager.query<[unknown[], number]>(
    `update invoice_part set completed_at = coalesce(completed_at, $4)
     where organisation_id = $1 and invoice_id = $2 and sequence = $3 and milestone is not null`,
    [scope.organisationId, invoiceId, sequence ?? null, new Date(at)],
  );
  return count > 0;
}

/** @returns its id; null when that one is recorded already */
async function insert(
  scope: Scope,
  invoiceId: string,
  { kind, sequence, evidence }: InvoiceEventInput,
  at: Instant,
): Promise<string | null> {
  const [row] = await scope.manager.query<{ id: string }[]>(
    `insert into invoice_event (organisation_id, invoice_id, kind, sequence, evidence, effective_at)
     values ($1, $2, $3, coalesce($4::int, 1 + (
       select coalesce(max(sequence), 0) from invoice_event
       where organisation_id = $1 and invoice_id = $2 and kind = $3)), $5, $6)
     on conflict (organisation_id, invoice_id, kind, sequence) do nothing returning id`,
    [scope.organisationId, invoiceId, kind, sequence ?? null, JSON.stringify(evidence ?? {}), new Date(at)],
  );
  return row?.id ?? null;
}

async function existing(scope: Scope, invoiceId: string, input: InvoiceEventInput): Promise<string> {
  const [row] = await scope.manager.query<{ id: string }[]>(
    'select id from invoice_event where organisation_id = $1 and invoice_id = $2 and kind = $3 and sequence = $4',
    [scope.organisationId, invoiceId, input.kind, input.sequence],
  );
  if (!row) throw new Error(`An event of invoice ${invoiceId} was neither stored nor there.`);
  return row.id;
}
