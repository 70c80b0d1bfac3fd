import type { Channel, Outcome } from '#channels/channel.js';
import type { EnrolmentRef, WorkflowPlan } from '#contracts/engine.js';
import type { GateDecision } from '#domain/gate.js';
import { gate } from '#domain/gate.js';
import type { Instant } from '#domain/instant.js';
import type { MessageMedium } from '#domain/medium.js';
import { afterOutcome } from '#domain/planning/outcome.js';
import type { Action, Plan, StepRef } from '#domain/planning/plan.js';
import { withDecided } from '#domain/planning/cursor.js';
import { assignVariant } from '#domain/variants.js';
import { markAnswer, beginAnswer } from './answers.js';
import { type CampaignVersion, loadVersion } from './campaigns/load-version.js';
import { type EngineDeps, TIMING } from './deps.js';
import { loadAttachments } from './documents.js';
import { beginContact, settleContact, suppressPoint } from './ledger.js';
import { type Snapshot, toMessage, writeLetter } from './letter.js';
import { type Attempting, type LoadedEnrolment, loadEnrolmentOf } from './load-enrolment.js';
import { type LockedScope, withLockedInvoice } from './lock-invoice.js';
import { planOf } from './plan-enrolment.js';
import { storePlan } from './store-plan.js';
import { createFollowUp, createStepTask } from './tasks.js';

type SendAction = Extract<Action, { kind: 'send' }>;

/** A contact this execution wrote, or found past its lease: the call that follows is its own. */
export interface Begun {
  contactId: string;
  channel: Channel;
  snapshot: Snapshot;
  medium: MessageMedium;
  step: StepRef | null;
  answerId: string | null;
  loaded: LoadedEnrolment;
  /** True when an earlier execution may have called already. */
  mayHaveCalled: boolean;
}

type Prepared = { kind: 'planned'; plan: WorkflowPlan } | ({ kind: 'begun' } & Begun);

/**
 * Carries out what is due, under the customer's lock: decide, write the ledger, let go, call once, store the
 * outcome, plan on. Whatever crashes in between, a later execution finds the ledger row and never calls blindly.
 */
export async function executeStep(deps: EngineDeps, ref: EnrolmentRef, now: Instant): Promise<WorkflowPlan> {
  const prepared = await withLockedInvoice(deps.dataSource, ref, now, (scope) => prepare(deps, scope, ref));
  if (!prepared) return { kind: 'finished', version: 0 };
  if (prepared.kind === 'planned') return prepared.plan;
  const outcome = await call(deps, ref, prepared);
  const settled = await withLockedInvoice(deps.dataSource, ref, now, (scope) =>
    settle(deps, scope, ref, prepared, outcome),
  );
  return settled ?? { kind: 'finished', version: 0 };
}

async function prepare(deps: EngineDeps, scope: LockedScope, ref: EnrolmentRef): Promise<Prepared> {
  const loaded = await loadEnrolmentOf(scope.manager, ref.organisationId, ref.invoiceId, scope.now, true);
  if (!loaded) return { kind: 'planned', plan: { kind: 'finished', version: 0 } };
  if (loaded.attempting) return resume(deps, scope, loaded, loaded.attempting);
  const version = await loadVersion(scope.manager, scope.organisationId, loaded.versionId);
  for (;;) {
    const planned = await planOf(deps, scope, loaded);
    if (planned.next.kind !== 'act')
      return { kind: 'planned', plan: await storePlan(scope, loaded, planned) };
    await takeOver(scope, loaded, planned);
    const begun = await act(deps, scope, loaded, version, planned.next.action);
    if (begun) return { kind: 'begun', ...begun };
  }
}

/** Stores the decisions that came with a plan before its action, so that the loop plans on from them. */
async function takeOver(scope: LockedScope, loaded: LoadedEnrolment, planned: Plan): Promise<void> {
  if (planned.skips.length > 0 || planned.expiredTasks.length > 0) await storePlan(scope, loaded, planned);
  loaded.cursor = planned.cursor;
  loaded.facts.openTasks = loaded.facts.openTasks.filter(({ id }) => !planned.expiredTasks.includes(id));
}

/** @returns the contact to call, or null when the action was carried out, and `loaded` says so */
async function act(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  version: CampaignVersion,
  action: Action,
): Promise<Begun | null> {
  switch (action.kind) {
    case 'send':
      return send(deps, scope, loaded, version, action);
    case 'task':
      await createStepTask(scope, loaded, action);
      return null;
    case 'follow_up':
      await createFollowUp(scope, loaded, action);
      return null;
    case 'answer':
      return beginAnswer(deps, scope, loaded, version, action.requestId);
  }
}

async function send(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  version: CampaignVersion,
  action: SendAction,
): Promise<Begun | null> {
  const decision = gate(loaded.facts, action, scope.now);
  if (decision.kind !== 'send') {
    await obey(scope, loaded, action, decision);
    return null;
  }
  return begin(deps, scope, loaded, version, action);
}

/** The gate said no: the reasons are stored, and the ladder goes on from there. */
async function obey(
  scope: LockedScope,
  loaded: LoadedEnrolment,
  action: SendAction,
  decision: Exclude<GateDecision, { kind: 'send' }>,
): Promise<void> {
  const { stepKey, stepIndex, occurrence, dueAt } = action;
  const deferred = decision.kind === 'defer';
  await scope.manager.query(
    `insert into attempt (organisation_id, enrolment_id, invoice_id, customer_id, campaign_id, step_key, step_index, run_no,
       occurrence, due_at, decision, reasons, was_deferred, facts_version, decided_at, medium)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict (organisation_id, invoice_id, campaign_id, step_key, run_no, occurrence) do update
       set decision = excluded.decision, reasons = excluded.reasons, was_deferred = attempt.was_deferred or excluded.was_deferred,
           facts_version = excluded.facts_version, decided_at = excluded.decided_at`,
    [
      scope.organisationId,
      loaded.id,
      loaded.invoiceId,
      loaded.customerId,
      loaded.campaignId,
      stepKey,
      stepIndex,
      loaded.facts.runNo,
      occurrence,
      new Date(dueAt),
      deferred ? 'deferred' : 'suppressed',
      JSON.stringify(decision.reasons),
      deferred,
      scope.customerVersion,
      new Date(scope.now),
      action.medium,
    ],
  );
  loaded.cursor = deferred
    ? afterOutcome(
        loaded.cursor,
        action,
        action.medium,
        { kind: 'throttled', retryAfterMs: (decision.until ?? Infinity) - scope.now },
        scope.now,
      )
    : withDecided(loaded.cursor, stepKey, occurrence, { at: scope.now, how: 'skipped' });
}

async function begin(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  version: CampaignVersion,
  action: SendAction,
): Promise<Begun> {
  const { facts, letter } = loaded;
  const medium = action.medium as MessageMedium;
  const arm = assignVariant(
    action.step,
    version.campaignExternalId,
    facts.customer.externalId,
    facts.customer.exposures,
  );
  const templates = version.templates[arm.template];
  if (!letter || !templates) throw new Error('A published version lacks a template that its step names.');
  const { personId, pointId } = action;
  const written = writeLetter({ facts, letter, personId, pointId, medium, templates, now: scope.now });
  const channel = deps.channels.forOrganisation(scope.kind, medium);
  const contactId = await beginContact(scope, {
    loaded,
    pointId,
    kind: 'reminder',
    purpose: action.step.purpose,
    provider: channel.provider,
    sendKey: sendKey(loaded, action),
    ...written,
    leaseMs: (deps.timing ?? TIMING).leaseMs,
    step: { ...action, arm },
  });
  return {
    contactId,
    channel,
    medium,
    ...written,
    step: action,
    answerId: null,
    loaded,
    mayHaveCalled: false,
  };
}

/** Unique for (attempt, recipient point, try after a definite failure). */
function sendKey({ invoiceId, campaignId, facts, cursor }: LoadedEnrolment, action: SendAction): string {
  const tries = cursor.trying?.stepKey === action.stepKey ? cursor.trying.tries : 0;
  return [invoiceId, campaignId, action.stepKey, facts.runNo, action.occurrence, action.pointId, tries].join(
    '/',
  );
}

/**
 * An earlier execution wrote this contact and did not store an outcome. While its lease runs it may still be calling:
 * wait. After that its outcome is unknown, unless the channel stays inside this installation, where the same message
 * can be written again without harm.
 */
function resume(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  attempting: Attempting,
): Prepared {
  const { contactId, medium, snapshot, step, answerId } = attempting;
  const until = attempting.leaseUntil + (deps.timing ?? TIMING).graceMs;
  const channel = deps.channels.forOrganisation(scope.kind, medium);
  if (channel.external && Date.now() < until) {
    const version = loaded.factsVersion;
    return { kind: 'planned', plan: { kind: 'wait', until, queue: 'kindly-engine', version } };
  }
  return { kind: 'begun', contactId, channel, medium, snapshot, step, answerId, loaded, mayHaveCalled: true };
}

async function call(deps: EngineDeps, { organisationId }: EnrolmentRef, begun: Begun): Promise<Outcome> {
  const { channel, contactId, snapshot } = begun;
  if (begun.mayHaveCalled && channel.external) return { kind: 'unknown', code: 'lease_expired' };
  const attachments = await loadAttachments(deps, organisationId, snapshot.documentId);
  return channel.send(
    toMessage(snapshot, contactId, organisationId, attachments),
    (deps.timing ?? TIMING).providerTimeoutMs,
  );
}

async function settle(
  deps: EngineDeps,
  scope: LockedScope,
  ref: EnrolmentRef,
  begun: Begun,
  outcome: Outcome,
): Promise<WorkflowPlan> {
  await settleContact(scope, ref.invoiceId, begun.contactId, outcome);
  const addressIsBad = outcome.kind === 'rejected' && outcome.addressIsBad;
  if (addressIsBad) await suppressPoint(scope, begun.contactId, outcome.code);
  const stale =
    addressIsBad || begun.answerId !== null || scope.customerVersion !== begun.loaded.customerVersion;
  if (begun.answerId) await markAnswer(scope, begun.answerId, outcome);
  const loaded = stale
    ? ((await loadEnrolmentOf(scope.manager, ref.organisationId, ref.invoiceId, scope.now)) ?? begun.loaded)
    : begun.loaded;
  if (begun.step) loaded.cursor = afterOutcome(loaded.cursor, begun.step, begun.medium, outcome, scope.now);
  return storePlan(scope, loaded, await planOf(deps, scope, loaded));
}
