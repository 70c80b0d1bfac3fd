import { type Prepared, queryPrepared } from '#store/prepared.js';
import { insteadReasons } from '#domain/planning/addressees.js';
import type { StepRef } from '#domain/planning/plan.js';
import { inStatementOrder } from '#domain/statement.js';
import type { LockedScope } from '../lock-invoice.js';
import type { Scope } from '../scope.js';
import type { Member } from './gather.js';

/** The first of the invoices leads: its step is the one that was sent, and the others are merged into it. */
const WRITE: Prepared = {
  name: 'write-statement-attempts',
  text: `
  insert into attempt (organisation_id, enrolment_id, invoice_id, customer_id, campaign_id, step_key, step_index, run_no,
                       occurrence, due_at, decision, reasons, facts_version, decided_at, medium, contact_id)
  select $1, s."enrolmentId", s."invoiceId", $2, s."campaignId", s."stepKey", s."stepIndex", s."runNo", s.occurrence,
         to_timestamp(s."dueAt" / 1000.0), s.decision, s.reasons, $4, $5, $6, $3
  from jsonb_to_recordset($7) as s("enrolmentId" uuid, "invoiceId" uuid, "campaignId" uuid, "stepKey" text, "stepIndex" int,
                                   "runNo" int, occurrence int, "dueAt" bigint, decision text, reasons jsonb)
  on conflict (organisation_id, invoice_id, campaign_id, step_key, run_no, occurrence) do update
    set enrolment_id = excluded.enrolment_id, decision = excluded.decision, reasons = excluded.reasons, facts_version = excluded.facts_version,
        decided_at = excluded.decided_at, medium = excluded.medium, variant_key = null, contact_id = excluded.contact_id`,
};

/** Writes the attempts of all invoices of a statement, along with its contact. */
export async function writeAttempts(
  { manager, organisationId, now, customerVersion }: LockedScope,
  contactId: string,
  members: readonly Member[],
): Promise<void> {
  const rows = inStatementOrder(members, ({ loaded }) => loaded.facts.invoice).map(
    ({ loaded, action }, index) => ({
      enrolmentId: loaded.id,
      invoiceId: loaded.invoiceId,
      campaignId: loaded.campaignId,
      stepKey: action.stepKey,
      stepIndex: action.stepIndex,
      runNo: loaded.facts.runNo,
      occurrence: action.occurrence,
      dueAt: action.dueAt,
      decision: index === 0 ? 'sent' : 'merged',
      reasons: insteadReasons(action.instead),
    }),
  );
  const [first] = members;
  if (!first) return;
  await queryPrepared(manager, WRITE, [
    organisationId,
    first.loaded.customerId,
    contactId,
    customerVersion,
    new Date(now),
    first.action.medium,
    JSON.stringify(rows),
  ]);
}

/** An enrolment that a contact carries a step of. */
export interface Carried {
  enrolmentId: string;
  invoiceId: string;
  step: StepRef;
}

/** What contact `o` carries, as JSON: by the customer and the moment, which an index has. */
export const CARRIED = `(select json_agg(json_build_object('enrolmentId', t.enrolment_id, 'invoiceId', t.invoice_id, 'step',
      json_build_object('stepKey', t.step_key, 'stepIndex', t.step_index, 'occurrence', t.occurrence,
        'dueAt', (extract(epoch from t.due_at) * 1000)::bigint)) order by t.enrolment_id)
    from attempt t where t.organisation_id = o.organisation_id and t.customer_id = o.customer_id
      and t.decided_at = o.decided_at and t.contact_id = o.id)`;

const READ: Prepared = {
  name: 'carried-by-contact',
  text: `select ${CARRIED} as carried from contact o where o.organisation_id = $1 and o.id = $2`,
};

/** Whose outreach a contact is part of: that of all invoices of a statement, or of its own one; undefined: the customer's. */
export async function concernedBy(
  scope: Pick<Scope, 'manager' | 'organisationId'>,
  contactId: string,
  contact: { kind: string; invoice_id: string | null; enrolment_id: string | null },
): Promise<{ invoiceIds: string[] | undefined; enrolmentIds: string[] }> {
  const { kind, invoice_id: invoiceId, enrolment_id: enrolmentId } = contact;
  const carried = kind === 'statement' ? await readCarried(scope, contactId) : [];
  if (carried.length > 0)
    return {
      invoiceIds: carried.map((each) => each.invoiceId),
      enrolmentIds: carried.map((each) => each.enrolmentId),
    };
  return {
    invoiceIds: invoiceId === null ? undefined : [invoiceId],
    enrolmentIds: enrolmentId === null ? [] : [enrolmentId],
  };
}

/** The steps that a contact carries; those of one whose steps were decided anew since are no more among them. */
export async function readCarried(
  { manager, organisationId }: Pick<Scope, 'manager' | 'organisationId'>,
  contactId: string,
): Promise<Carried[]> {
  const [row] = await queryPrepared<{ carried: Carried[] | null }>(manager, READ, [
    organisationId,
    contactId,
  ]);
  return row?.carried ?? [];
}
