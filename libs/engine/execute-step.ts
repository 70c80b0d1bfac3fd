import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '#channels/channel.js';
import { ENGINE_QUEUE, type EnrolmentRef, type WorkflowPlan } from '#contracts/engine.js';
import type { Instant } from '#domain/instant.js';
import { decisionOn } from '#domain/gate.js';
import { EMERGENCY_STOP } from '#domain/planning/holding.js';
import type { Action } from '#domain/planning/plan.js';
import { keepingOf } from '#domain/policy/keeping.js';
import { beginAnswer } from './answers.js';
import { beginSend, obey } from './begin-send.js';
import type { Begun } from './begun.js';
import { type CampaignVersion, loadVersion } from './campaigns/load-version.js';
import { type EngineDeps, TIMING } from './deps.js';
import { loadAttachments } from './documents.js';
import { toMessage } from './letter.js';
import { type Attempting, type LoadedEnrolment, loadEnrolmentOf } from './load-enrolment.js';
import { type LockedScope, withLockedInvoice } from './lock-invoice.js';
import { planOf } from './plan-enrolment.js';
import { settleContact } from './ledger.js';
import { settleAsExpected } from './settle-as-expected.js';
import { settleStep } from './settle-step.js';
import { queryLast } from '#store/prepared.js';
import { outreachFor } from './policy.js';
import { isStoppedNow } from './stop/stopped.js';
import { storePlan, takeOver } from './store-plan.js';
import { createApproval, createFollowUp, createStepTask } from './tasks.js';

type Prepared = { kind: 'planned'; plan: WorkflowPlan } | ({ kind: 'begun' } & Begun);

/**
 * Carries out what is due, under the customer's lock: decide, write the ledger, let go, call once, store the
 * outcome, plan on. Whatever crashes in between, a later execution finds the ledger row and never calls blindly.
 */
export async function executeStep(deps: EngineDeps, ref: EnrolmentRef, now: Instant): Promise<WorkflowPlan> {
  const prepared = await withLockedInvoice(
    deps.dataSource,
    ref,
    now,
    (manager, live) => loadEnrolmentOf(manager, ref.organisationId, ref.invoiceId, live, true),
    (scope, loaded) => prepare(deps, scope, loaded),
  );
  if (!prepared) return { kind: 'finished', version: 0 };
  if (prepared.kind === 'planned') return prepared.plan;
  const outcome = await call(deps, ref, prepared);
  return persistently(
    async () =>
      (await settleAsExpected(deps, ref, prepared, outcome, now)) ??
      (await settle(deps, ref, prepared, outcome, now)),
  );
}

async function settle(
  deps: EngineDeps,
  ref: EnrolmentRef,
  begun: Begun,
  outcome: Outcome,
  now: Instant,
): Promise<WorkflowPlan> {
  const settled = await withLockedInvoice(
    deps.dataSource,
    ref,
    now,
    (manager, live) => settleContact(manager, ref.organisationId, begun.contactId, outcome, live),
    (scope, before) => settleStep(deps, scope, ref, begun, outcome, before),
  );
  return settled ?? { kind: 'finished', version: 0 };
}

async function prepare(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment | null,
): Promise<Prepared> {
  if (!loaded) return { kind: 'planned', plan: { kind: 'finished', version: 0 } };
  if (loaded.attempting) return resume(deps, scope, loaded, loaded.attempting);
  const version = await loadVersion(scope.manager, scope.organisationId, loaded.versionId);
  for (;;) {
    const planned = await planOf(deps, scope, loaded);
    if (planned.next.kind !== 'act')
      return { kind: 'planned', plan: await storePlan(scope, loaded, planned, queryLast) };
    await takeOver(scope, loaded, planned);
    const begun = await act(deps, scope, loaded, version, planned.next.action);
    if (begun) return { kind: 'begun', ...begun };
  }
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
      return beginSend(deps, scope, loaded, version, action);
    case 'task':
      return beginTask(deps, scope, loaded, version, action);
    case 'approval':
      await createApproval(scope, loaded, action);
      return null;
    case 'follow_up':
      await createFollowUp(scope, loaded, action);
      return null;
    case 'answer':
      return beginAnswer(deps, scope, loaded, version, action.requestId);
  }
}

/** A call contacts somebody as well: it is asked for when the contact policies allow it. */
async function beginTask(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  version: CampaignVersion,
  action: Extract<Action, { kind: 'task' }>,
): Promise<null> {
  const { document } = version;
  const outreach = await outreachFor(scope, loaded, version, action);
  const { isHoliday } = deps.calendar;
  const keeping = outreach && keepingOf(document, loaded.facts, action, outreach, isHoliday, scope.now);
  if (keeping) await obey(scope, loaded, version, action, decisionOn(keeping));
  else await createStepTask(scope, loaded, action);
  return null;
}

/**
 * An earlier execution wrote this contact and did not store an outcome. While its lease runs it may still be calling:
 * wait. After that its outcome is unknown, unless the channel stays inside this installation, where the same message
 * can be written again without harm.
 */
async function resume(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  attempting: Attempting,
): Promise<Prepared> {
  const until = attempting.leaseUntil + (deps.timing ?? TIMING).graceMs;
  const channel = deps.channels.ofContact(scope.kind, attempting.medium, attempting.provider);
  if (channel.external && Date.now() < until) {
    const plan = { kind: 'wait', until, queue: ENGINE_QUEUE, version: loaded.factsVersion } as const;
    return { kind: 'planned', plan };
  }
  const attachments = await loadAttachments(scope, attempting.snapshot.documentId);
  const { invoiceVersion } = scope;
  return {
    kind: 'begun',
    ...attempting,
    channel,
    attachments,
    loaded,
    invoiceVersion,
    expected: null,
    admitted: null,
    // Nobody has looked yet.
    stop: { isStopped: false, seenAt: 0 },
    mayHaveCalled: true,
  };
}

/** Calls the provider, once; not at all when that could have happened before, could outlast the lease, or everything is stopped. */
async function call(deps: EngineDeps, { organisationId }: EnrolmentRef, begun: Begun): Promise<Outcome> {
  const { channel, contactId, snapshot, attachments } = begun;
  const { providerTimeoutMs } = deps.timing ?? TIMING;
  if (channel.external && begun.mayHaveCalled) return { kind: 'unknown', code: 'lease_expired' };
  if (await persistently(() => isStoppedNow(deps, organisationId, begun.stop))) {
    return { kind: 'not_reached', code: EMERGENCY_STOP };
  }
  if (channel.external && Date.now() + providerTimeoutMs > begun.leaseUntil) {
    return { kind: 'not_reached', code: 'lease_too_short' };
  }
  return channel.send(toMessage(snapshot, contactId, organisationId, attachments), providerTimeoutMs);
}

const SETTLE_PAUSES_MS: readonly number[] = [100, 500, 2_000];

/** An outcome once known is worth some patience with the database: lost, it would be `unknown`. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of SETTLE_PAUSES_MS) {
    try {
      return await work();
    } catch {
      await sleep(pause);
    }
  }
  return work();
}
