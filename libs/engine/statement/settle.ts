import type { Outcome } from '#channels/channel.js';
import type { EnrolmentRef, WorkflowPlan } from '#contracts/engine.js';
import { asUntold } from '#domain/planning/cursor.js';
import { afterOutcome } from '#domain/planning/outcome.js';
import { announceFacts, lockCustomer, wakeEnrolments } from '../announce.js';
import type { Begun } from '../begun.js';
import type { EngineDeps } from '../deps.js';
import type { ContactState } from '../ledger.js';
import { type LoadedEnrolment, loadEnrolmentOf, loadEnrolments } from '../load-enrolment.js';
import type { LockedScope } from '../lock-invoice.js';
import { planOf } from '../plan-enrolment.js';
import { closePlan, isItsStep } from '../replaced.js';
import { forLadder, isWithheld } from '../stop/withheld.js';
import { storePlan } from '../store-plan.js';
import { type Carried, readCarried } from './attempts.js';

/**
 * Plans on, for each of its invoices, from what became of a statement: each ladder goes on by itself, and a statement that failed
 * counts for none.
 *
 * @param before the contact's state before it was settled; the ladders move by the first that settles it
 * @returns the plan of the invoice whose workflow asks
 */
export async function settleStatement(
  deps: EngineDeps,
  scope: LockedScope,
  ref: EnrolmentRef,
  begun: Begun,
  outcome: Outcome,
  before: ContactState | undefined,
): Promise<WorkflowPlan> {
  const carried = await readCarried(scope, begun.contactId);
  if (before === 'unknown' && outcome.kind === 'rejected') await tellLate(scope, begun, carried);
  const ids = carried.map(({ enrolmentId }) => enrolmentId);
  const { manager, organisationId, now } = scope;
  const eager: string[] = [];
  let own: WorkflowPlan | null = null;
  for (const member of await loadEnrolments(manager, organisationId, ids, now)) {
    const loaded = await walkedOf(scope, member);
    const step = carried.find(({ enrolmentId }) => enrolmentId === member.id)?.step;
    const isIts = isItsStep(loaded, { enrolmentId: member.id, loaded: member }, outcome);
    if (step && isIts && before === 'attempting')
      loaded.cursor = cursorAfter(loaded, step, begun, outcome, now);
    const plan = await storePlan(scope, loaded, await planOf(deps, scope, loaded));
    if (loaded.invoiceId === ref.invoiceId) own = plan;
    else if (plan.kind === 'act') eager.push(loaded.invoiceId);
  }
  // Its own workflow sleeps until its next moment. A test organisation's clock finds by itself what is due.
  if (eager.length > 0 && scope.kind === 'live')
    await wakeEnrolments(scope, { customerId: begun.loaded.customerId, invoiceIds: eager });
  return own ?? replan(deps, scope, ref, begun);
}

/** Of an invoice that was enrolled anew since, the enrolment that its workflow walks now. */
async function walkedOf(scope: LockedScope, member: LoadedEnrolment): Promise<LoadedEnrolment> {
  if (member.state === 'open') return member;
  const { manager, organisationId, now } = scope;
  const walked = await loadEnrolmentOf(manager, organisationId, member.invoiceId, now);
  if (!walked || walked.id === member.id) return member;
  await closePlan(scope, member.id);
  return walked;
}

function cursorAfter(
  { cursor }: LoadedEnrolment,
  step: Carried['step'],
  begun: Begun,
  outcome: Outcome,
  now: number,
): LoadedEnrolment['cursor'] {
  const told = isWithheld(outcome) ? asUntold(cursor, step) : cursor;
  return afterOutcome(told, step, begun.medium, forLadder(begun, outcome), now);
}

/** The ladders went on as if the message had gone out. It was not: a fact that their workflows, which wait by now, have to hear. */
async function tellLate(
  scope: LockedScope,
  { loaded: { customerId } }: Begun,
  carried: readonly Carried[],
): Promise<void> {
  await lockCustomer(scope, customerId);
  await announceFacts(scope, {
    customerId,
    invoiceIds: carried.map(({ invoiceId }) => invoiceId),
    undelivered: carried.map(({ enrolmentId }) => enrolmentId),
  });
}

/** The invoice was enrolled anew since, and its new enrolment has no part in the statement. */
async function replan(
  deps: EngineDeps,
  scope: LockedScope,
  ref: EnrolmentRef,
  begun: Begun,
): Promise<WorkflowPlan> {
  const { manager, now } = scope;
  const loaded = (await loadEnrolmentOf(manager, ref.organisationId, ref.invoiceId, now)) ?? begun.loaded;
  return storePlan(scope, loaded, await planOf(deps, scope, loaded));
}
