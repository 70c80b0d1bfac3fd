import type { Outcome } from '#channels/channel.js';
import type { EnrolmentRef, WorkflowPlan } from '#contracts/engine.js';
import { asUntold } from '#domain/planning/cursor.js';
import { afterOutcome } from '#domain/planning/outcome.js';
import { announceFacts, lockCustomer } from './announce.js';
import { markAnswer } from './answers.js';
import { type Begun, factsAfter } from './begun.js';
import type { EngineDeps } from './deps.js';
import { announceSettled, type ContactState } from './ledger.js';
import { suppressAddress } from './receipts/index.js';
import { closePlan, isItsStep } from './replaced.js';
import { type LoadedEnrolment, loadEnrolmentOf } from './load-enrolment.js';
import type { LockedScope } from './lock-invoice.js';
import { planOf } from './plan-enrolment.js';
import { queryLast } from '#store/prepared.js';
import { startReconciliation } from './reconcile/index.js';
import { applyToLimits } from './limits/index.js';
import { forLadder, isWithheld } from './stop/withheld.js';
import { settleStatement } from './statement/index.js';
import { storePlan } from './store-plan.js';

/**
 * Plans on from what became of a call, which is stored. An execution that comes back late finds its contact settled by another:
 * it only corrects the contact, for the ladder has gone on without it, and has a refusal planned anew. So does one whose enrolment has ended and been
 * replaced, unless the new one took its step for done and it certainly was not.
 *
 * @param before the contact's state before it was settled
 */
export async function settleStep(
  deps: EngineDeps,
  scope: LockedScope,
  ref: EnrolmentRef,
  begun: Begun,
  outcome: Outcome,
  before: ContactState | undefined,
): Promise<WorkflowPlan> {
  if (scope.isListenedTo && before === 'attempting')
    await announceSettled(scope, ref.invoiceId, begun.contactId, outcome);
  if (before === 'attempting') await applyToLimits(deps, scope, begun, outcome);
  const addressIsBad = outcome.kind === 'rejected' && outcome.addressIsBad;
  if (addressIsBad)
    await suppressAddress(scope, {
      contactId: begun.contactId,
      medium: begun.medium,
      address: begun.snapshot.to.address,
      reason: `rejected:${outcome.code}`,
      isAskedFor: true,
    });
  if (outcome.kind === 'unknown' && begun.channel.external && before === 'attempting')
    await startReconciliation(scope, begun.contactId, deps.looksMs);
  if (begun.answerId) await markAnswer(scope, begun.answerId, outcome, before === 'attempting');
  if (begun.isStatement) return settleStatement(deps, scope, ref, begun, outcome, before);
  if (before === 'unknown' && outcome.kind === 'rejected') await tellLate(scope, ref, begun);
  const changed =
    addressIsBad ||
    begun.answerId !== null ||
    before !== 'attempting' ||
    isWithheld(outcome) ||
    hasMoved(scope, begun);
  // A copy: this transaction may be tried again, from what was loaded.
  const loaded = {
    ...(changed ? await reload(scope, ref, begun) : { ...begun.loaded, facts: factsAfter(begun, outcome) }),
  };
  if (loaded.id !== begun.enrolmentId) await closePlan(scope, begun.enrolmentId);
  if (begun.step && before === 'attempting' && isItsStep(loaded, begun, outcome)) {
    const cursor = isWithheld(outcome) ? asUntold(loaded.cursor, begun.step) : loaded.cursor;
    loaded.cursor = afterOutcome(cursor, begun.step, begun.medium, forLadder(begun, outcome), scope.now);
  }
  return storePlan(scope, loaded, await planOf(deps, scope, loaded), queryLast);
}

/** The ladder went on as if the message had gone out. It was not: a fact that the workflow, which waits by now, has to hear. */
async function tellLate(
  scope: LockedScope,
  { invoiceId }: EnrolmentRef,
  { loaded, enrolmentId }: Begun,
): Promise<void> {
  const { customerId } = loaded;
  await lockCustomer(scope, customerId);
  await announceFacts(scope, { customerId, invoiceIds: [invoiceId], undelivered: [enrolmentId] });
}

/** Whether anything was recorded of the customer or the invoice since the contact was decided. */
const hasMoved = (scope: LockedScope, { loaded, invoiceVersion }: Begun): boolean =>
  scope.customerVersion !== loaded.customerVersion || scope.invoiceVersion !== invoiceVersion;

const reload = async (
  { manager, now }: LockedScope,
  ref: EnrolmentRef,
  begun: Begun,
): Promise<LoadedEnrolment> =>
  (await loadEnrolmentOf(manager, ref.organisationId, ref.invoiceId, now)) ?? begun.loaded;
