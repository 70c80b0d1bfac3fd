import type { EntityManager } from 'typeorm';
import type { Outcome } from '#channels/channel.js';
import type { Instant } from '#domain/instant.js';
import { type Instead, insteadReasons } from '#domain/planning/addressees.js';
import type { StepRef } from '#domain/planning/plan.js';
import type { Arm } from '#domain/variants.js';
import { type Prepared, queryLast, queryPrepared } from '#store/prepared.js';
import { smsParts } from '#templates/index.js';
import type { Begun } from './begun.js';
import type { Snapshot } from './letter.js';
import type { LoadedEnrolment } from './load-enrolment.js';
import type { LockedScope } from './lock-invoice.js';
import type { Scope } from './scope.js';
import { STOPPED } from './stop/stopped.js';
import { emit } from './webhooks/emit.js';

export type ContactState = 'attempting' | Outcome['kind'];

/** A contact that is about to be called. */
export interface NewContact {
  loaded: LoadedEnrolment;
  pointId: string;
  /** Points that get a copy. */
  copiedTo?: readonly string[];
  kind: 'reminder' | 'statement' | 'answer' | 'confirmation';
  purpose: string;
  provider: string;
  /** What it may be sent for once; tries after a definite failure are numbered behind it. */
  sendKey: string;
  templateVersionId: string;
  snapshot: Snapshot;
  /** Known before it is written: letters name it. */
  contactId: string;
  /** Of an e-mail. */
  thread: string | null;
  /** How long it belongs to whoever writes it. */
  leaseMs: number;
  /** The step it carries out, with the variant chosen; null for an answer. */
  step: (StepRef & { arm: Arm; instead?: Instead }) | null;
  /** Whether the caller asks for nothing more in this transaction. */
  isLast: boolean;
}

/** The key with the number behind the last try that definitely failed: next to one that may have gone out it is not unique. */
const NUMBERED_KEY = `$6::text || '/' || (
      select coalesce(max(substring(f.send_key from '[0-9]+$')::int) + 1, 0) from contact f
      where f.organisation_id = $1 and f.invoice_id = $3 and f.state in ('rejected', 'not_reached', 'throttled')
        and starts_with(f.send_key, $6::text || '/'))`;

/**
 * Writes a contact as `attempting`, and its attempt, before anybody is called. The send key is unique: whoever
 * inserts it calls, and nobody else ever does.
 */
const BEGIN: Prepared = {
  name: 'begin-contact',
  text: `
  with exposed as (
    insert into exposure (organisation_id, customer_id, experiment, arm, seed, exposed_at)
    select $1, $2, $22, $20, $23, $14 where $22::text is not null
    on conflict (organisation_id, customer_id, experiment) do nothing
  ), written as (
    insert into contact (id, thread, organisation_id, customer_id, invoice_id, enrolment_id, point_id, send_key, medium, purpose, kind,
                         counts_as, sender, state, provider, template_version_id, snapshot, facts_version, decided_at, lease_until, parts, encoding, copied_to)
    values ($26, $27, $1, $2, $3, $4, $5, ${NUMBERED_KEY}, $7, $8, $9, case when $9 in ('reminder', 'statement') then 'contact' else 'none' end, $10, 'attempting',
            $11, $12, $13, $15, $14, $16, $28, $29, $31)
    returning id
  ), decided as (
    insert into attempt (organisation_id, enrolment_id, invoice_id, customer_id, campaign_id, step_key, step_index, run_no,
                         occurrence, due_at, decision, reasons, facts_version, decided_at, medium, variant_key, contact_id)
    select $1, $4, $3, $2, $24, $17, $18, $25, $19, $21, 'sent', $30, $15, $14, $7, $20, written.id
    from written where $17::text is not null
    on conflict (organisation_id, invoice_id, campaign_id, step_key, run_no, occurrence) do update
      set enrolment_id = excluded.enrolment_id, decision = 'sent', reasons = excluded.reasons,
          facts_version = excluded.facts_version, decided_at = excluded.decided_at, medium = excluded.medium, variant_key = excluded.variant_key, contact_id = excluded.contact_id
  )
  select id, ${STOPPED} as stopped from written`,
};

export async function beginContact(
  scope: LockedScope,
  contact: NewContact,
): Promise<Pick<Begun, 'contactId' | 'leaseUntil' | 'stop'>> {
  const seenAt = Date.now();
  const { loaded, snapshot, step } = contact;
  const sms = snapshot.medium === 'sms' ? smsParts(snapshot.text) : null;
  const leaseUntil = Date.now() + contact.leaseMs;
  const query = contact.isLast && !scope.isListenedTo ? queryLast : queryPrepared;
  const [row] = await query<{ id: string; stopped: boolean }>(scope.manager, BEGIN, [
    scope.organisationId,
    loaded.customerId,
    loaded.invoiceId,
    loaded.id,
    contact.pointId,
    contact.sendKey,
    snapshot.medium,
    contact.purpose,
    contact.kind,
    JSON.stringify(snapshot.from),
    contact.provider,
    contact.templateVersionId,
    JSON.stringify(snapshot),
    new Date(scope.now),
    loaded.customerVersion,
    new Date(leaseUntil),
    step?.stepKey ?? null,
    step?.stepIndex ?? null,
    step?.occurrence ?? null,
    step?.arm.variantKey ?? null,
    step ? new Date(step.dueAt) : null,
    step?.arm.experiment ?? null,
    step?.arm.seed ?? null,
    loaded.campaignId,
    loaded.facts.runNo,
    contact.contactId,
    contact.thread,
    sms?.segments ?? null,
    sms?.encoding ?? null,
    JSON.stringify(insteadReasons(step?.instead)),
    contact.copiedTo ?? [],
  ]);
  if (!row) throw new Error('The contact was not written.');
  if (scope.isListenedTo) {
    const { kind } = contact;
    const data = {
      contactId: row.id,
      enrolmentId: loaded.id,
      medium: snapshot.medium,
      kind,
      stepKey: step?.stepKey,
    };
    await emit(scope, { type: 'contact.attempted', subjectId: loaded.invoiceId, data });
  }
  return { contactId: row.id, leaseUntil, stop: { isStopped: row.stopped, seenAt } };
}

const SETTLE: Prepared = {
  name: 'settle-contact',
  text: `
  with found as (
    select state from contact where organisation_id = $1 and id = $2 for update
  ), settled as (
    update contact set state = case when $3 = 'unknown' and delivery is not null then 'accepted' else $3 end, outcome_code = $4, provider_id = coalesce($5, provider_id),
      settled_at = coalesce((select o.clock_now from organisation o where o.id = $1), $6)
    where organisation_id = $1 and id = $2
      and (state = 'attempting' or (state = 'unknown' and $3 in ('accepted', 'rejected')))
  )
  select state from found`,
};

/**
 * Stores what became of a call. A contact that is settled already stays as it is, but for an unknown one, whose truth
 * may come late.
 *
 * @param live the instant for a live organisation; a test organisation's clock is read
 * @returns its state before
 */
export async function settleContact(
  manager: EntityManager,
  organisationId: string,
  contactId: string,
  outcome: Outcome,
  live: Instant,
): Promise<ContactState | undefined> {
  const [row] = await queryPrepared<{ state: ContactState }>(manager, SETTLE, [
    organisationId,
    contactId,
    outcome.kind,
    codeOf(outcome),
    outcome.kind === 'accepted' ? outcome.providerId : null,
    new Date(live),
  ]);
  return row?.state;
}

export const announceSettled = (
  scope: Scope,
  invoiceId: string,
  contactId: string,
  outcome: Outcome,
): Promise<void> =>
  emit(scope, {
    type: 'contact.settled',
    subjectId: invoiceId,
    data: { contactId, state: outcome.kind, code: codeOf(outcome) },
  });

export const codeOf = (outcome: Outcome): string | null => ('code' in outcome ? outcome.code : null);
