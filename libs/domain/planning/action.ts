import { parseDuration } from '#domain/duration.js';
import { type Step, templatesOf } from '#domain/campaign/document.js';
import type { CustomerFacts, EnrolmentFacts } from '#domain/facts.js';
import { askedBy, pendingBy } from '#domain/instalments.js';
import type { Instant } from '#domain/instant.js';
import { addToInstant } from '#domain/local-time.js';
import { compareToDecimal } from '#domain/money.js';
import { addresseesOf, type Instead } from './addressees.js';
import { type Cursor, triedOf } from './cursor.js';
import type { Action, Skip } from './plan.js';
import { chooseRecipient, unwantedCall } from './recipients.js';
import { refOf, type Scheduled } from './schedule.js';

/** Why a step contacts nobody. */
export type NoAction = Pick<Skip, 'reason' | 'text'>;

/**
 * What a step whose moment has come does: send, ask for a call, or ask first whether it may go out.
 *
 * @param now the organisation's clock
 */
export function actionOf(
  scheduled: Scheduled,
  facts: EnrolmentFacts,
  cursor: Cursor,
  now: Instant,
): Action | NoAction {
  return withApproval(unapproved(scheduled, facts, cursor, now), facts, now);
}

function unapproved(
  scheduled: Scheduled,
  facts: EnrolmentFacts,
  cursor: Cursor,
  now: Instant,
): Action | NoAction {
  const { step, deadline } = scheduled;
  const at = Math.max(now, scheduled.at < Infinity ? scheduled.at : now);
  if (askedBy(facts, scheduled, at) <= pendingBy(facts, scheduled, at)) return { reason: 'not_due' };
  if (!conditionHolds(scheduled, facts, at)) return { reason: 'condition_not_met' };
  if (step.task) {
    const unwanted = unwantedCall(step, facts.customer);
    return unwanted ? { reason: unwanted } : callOf(scheduled, addresseesOf(step, facts.customer).instead);
  }
  const failed = triedOf(cursor, step.key, scheduled.occurrence)?.failed ?? [];
  const recipient = chooseRecipient(step, facts.customer, failed);
  if (recipient.kind === 'none') return recipient;
  const { kind: _found, medium, ...whom } = recipient;
  if (medium === 'call') return callOf(scheduled, whom.instead);
  return { kind: 'send', step, medium, ...whom, deadline, ...refOf(scheduled) };
}

const DECLINED = 'A manager declined it.';

/** Whether somebody has to say that a message of the step may go out. */
export const needsApproval = ({ approval }: Step, { vip }: Pick<CustomerFacts, 'vip'>): boolean =>
  approval === 'always' || (approval === 'vip' && vip);

/** How long a step waits to be approved; it is not sent after that. */
const APPROVAL_WAIT = parseDuration('P7D');

/** A message that somebody has to approve first is asked about, once. */
function withApproval(
  action: Action | NoAction,
  { customer, approvals }: EnrolmentFacts,
  now: Instant,
): Action | NoAction {
  if (!('kind' in action) || action.kind !== 'send') return action;
  const { step, stepKey, stepIndex, occurrence, dueAt, deadline } = action;
  if (!needsApproval(step, customer)) return action;
  const templates = templatesOf(step).join();
  const said = approvals.findLast(
    (each) =>
      each.stepKey === stepKey && each.occurrence === occurrence && each.templates.join() === templates,
  );
  if (said) return said.isApproved ? action : { reason: 'not_approved', text: DECLINED };
  const patience = addToInstant(now, APPROVAL_WAIT, customer.zone);
  const waitUntil = Math.min(patience, deadline);
  return { kind: 'approval', step, waitUntil, stepKey, stepIndex, occurrence, dueAt };
}

const callOf = (scheduled: Scheduled, instead: Instead | undefined): Action => ({
  kind: 'task',
  step: scheduled.step,
  deadline: scheduled.deadline,
  ...refOf(scheduled),
  ...(instead && { instead }),
});

function conditionHolds(scheduled: Scheduled, facts: EnrolmentFacts, now: Instant): boolean {
  const { onlyIf } = scheduled.step;
  if (!onlyIf) return true;
  const { customer } = facts;
  const against = (amount: string): number =>
    compareToDecimal(askedBy(facts, scheduled, now), facts.invoice.currency, amount);
  if (onlyIf.balanceAtLeast && against(onlyIf.balanceAtLeast) < 0) return false;
  if (onlyIf.balanceAtMost && against(onlyIf.balanceAtMost) > 0) return false;
  if (onlyIf.customerKind && customer.kind !== onlyIf.customerKind) return false;
  return !onlyIf.countries || (customer.country !== null && onlyIf.countries.includes(customer.country));
}
