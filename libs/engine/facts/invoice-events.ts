import type { InvoiceEventInput, Refused, Written } from '#contracts/schemas/index.js';
import { parseDuration } from '#domain/duration.js';
import { type Instant, parseInstant } from '#domain/instant.js';
import { addDays, addToDate, localDateOf } from '#domain/local-time.js';
import { announceFacts, lockCustomer } from '../announce.js';
import type { Scope } from '../scope.js';
import { findInvoice } from './find.js';
import { isSameMilestone } from './invoice-state.js';
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
  const part = input.kind === 'milestone_completed' ? await completePart(scope, invoiceId, input, at) : null;
  if (typeof part === 'string') {
    return refused(
      externalId,
      'unknown_part',
      input.milestone === undefined ? 'sequence' : 'milestone',
      part,
    );
  }
  const event = { ...input, sequence: part ?? input.sequence };
  const created = await insert(scope, invoiceId, event, at);
  if (created === null) {
    return { id: await existing(scope, invoiceId, event), externalId, result: 'unchanged' };
  }
  await announceFacts(scope, { customerId, invoiceIds: [invoiceId] });
  return { id: created, externalId, result: 'created' };
}

interface MilestonePart {
  sequence: number;
  milestone: string;
  dueAfter: string | null;
  /** How long the invoice is due after its issue. */
  terms: number;
  zone: string;
}

/**
 * What is done gives its part a due date: the one that is named, or by the terms of the part, or of the invoice. One completed before
 * keeps its time and date.
 *
 * @returns the number of the part, or why there is none
 */
async function completePart(
  { manager, organisationId }: Scope,
  invoiceId: string,
  { sequence, milestone, dueOn }: InvoiceEventInput,
  at: Instant,
): Promise<number | string> {
  const parts = await manager.query<MilestonePart[]>(
    `select p.sequence, p.milestone, p.due_after as "dueAfter", i.due_on - i.issued_on as terms, c.zone
     from invoice_part p
     join invoice i on i.organisation_id = p.organisation_id and i.id = p.invoice_id
     join customer c on c.organisation_id = i.organisation_id and c.id = i.customer_id
     where p.organisation_id = $1 and p.invoice_id = $2 and p.milestone is not null order by p.sequence`,
    [organisationId, invoiceId],
  );
  const named = parts.filter((part) =>
    milestone === undefined ? part.sequence === sequence : isSameMilestone(part.milestone, milestone),
  );
  const [part] = named;
  if (!part || named.length > 1) return unfit(parts, named.length);
  const done = localDateOf(at, part.zone);
  const due =
    part.dueAfter === null ? addDays(done, part.terms) : addToDate(done, parseDuration(part.dueAfter));
  await manager.query(
    `update invoice_part set completed_at = $4, due_on = coalesce($5::date, due_on, $6::date)
     where organisation_id = $1 and invoice_id = $2 and sequence = $3 and completed_at is null`,
    [organisationId, invoiceId, part.sequence, new Date(at), dueOn ?? null, due],
  );
  return part.sequence;
}

/** `what; remedy` */
function unfit(parts: readonly MilestonePart[], matches: number): string {
  const listed = parts.map((part) => `${part.sequence} (${part.milestone})`).join(', ');
  if (parts.length === 0)
    return 'is none: the invoice has no milestones; write its parts with their milestones first';
  return matches > 1
    ? `names several parts; write the number of one of ${listed}`
    : `is none of the milestones of the invoice; write one of ${listed}`;
}

/** @returns its id; null when that one is recorded already */
async function insert(
  scope: Scope,
  invoiceId: string,
  { kind, sequence, evidence }: Pick<InvoiceEventInput, 'kind' | 'sequence' | 'evidence'>,
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

async function existing(
  scope: Scope,
  invoiceId: string,
  input: Pick<InvoiceEventInput, 'kind' | 'sequence'>,
): Promise<string> {
  const [row] = await scope.manager.query<{ id: string }[]>(
    'select id from invoice_event where organisation_id = $1 and invoice_id = $2 and kind = $3 and sequence = $4',
    [scope.organisationId, invoiceId, input.kind, input.sequence],
  );
  if (!row) throw new Error(`An event of invoice ${invoiceId} was neither stored nor there.`);
  return row.id;
}
