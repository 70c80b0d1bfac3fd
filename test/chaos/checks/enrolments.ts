import type { Instant } from '#domain/instant.js';
import type { EnrolmentRow, Fact, Violation } from './evidence.js';

/** Timers and tasks of a machine with much to do. */
const GRACE_MS = 10_000;

/** Every open enrolment has been planned from all that is known and has one running workflow; one that has ended has none. */
export function enrolmentsAreSettled(
  enrolments: readonly EnrolmentRow[],
  undelivered: readonly string[],
): Violation[] {
  const waiting: Violation[] = undelivered.map((workflowId) => ({
    rule: 'outbox_undelivered',
    subject: workflowId,
    detail: 'a fact was committed and never told',
  }));
  return [
    ...waiting,
    ...enrolments.flatMap(({ id, state, plannedVersion, factsVersion, workflow }) => {
      const violation = (rule: string, detail: string): Violation => ({ rule, subject: id, detail });
      const found: Violation[] = [];
      if (plannedVersion !== factsVersion)
        found.push(violation('not_settled', `planned from version ${plannedVersion} of ${factsVersion}`));
      if (state === 'open' && workflow !== 'RUNNING')
        found.push(violation('no_workflow', `its workflow is ${workflow ?? 'nowhere'}`));
      if (state === 'ended' && workflow === 'RUNNING')
        found.push(violation('workflow_left', 'it has ended, and its workflow runs'));
      return found;
    }),
  ];
}

/**
 * No step was lost: a plan made now would do nothing at once and wait no other time than is stored; and whoever never
 * gave a reason to leave a step out has had a decision about each.
 */
export function noStepIsLost(
  enrolments: readonly EnrolmentRow[],
  facts: readonly Fact[],
  customers: ReadonlyMap<string, string>,
  ladder: readonly string[],
  now: Instant,
): Violation[] {
  const excused = excuses(facts);
  return enrolments.flatMap((enrolment) => {
    const { id, invoiceId, state, replanned, nextDueAt, decided } = enrolment;
    const violation = (rule: string, detail: string): Violation => ({ rule, subject: id, detail });
    if (state === 'open' && replanned && isOverdue(replanned, now))
      return [
        violation(
          'step_overdue',
          `a plan says ${replanned.kind} at ${String(replanned.until)}, it is ${now}`,
        ),
      ];
    if (state === 'open' && replanned?.kind === 'wait' && replanned.until !== nextDueAt)
      return [
        violation(
          'plan_differs',
          `it waits for ${String(nextDueAt)}, a plan says ${String(replanned.until)}`,
        ),
      ];
    const isFree = !excused.has(invoiceId) && !excused.has(customers.get(invoiceId) ?? '');
    const isTried = (nextDueAt ?? Infinity) < now + RETRIES_MS;
    const missing = ladder.filter((key) => !decided.includes(key));
    return isFree && !isTried && missing.length > 0
      ? [
          violation(
            'step_lost',
            `${missing.join(', ')} of invoice ${invoiceId}, which nobody paid or held (${state}, next at ${String(nextDueAt)})`,
          ),
        ]
      : [];
  });
}

/** A channel that failed is tried again after an hour at most: the rest of the ladder waits for it. */
const RETRIES_MS = 3_700_000;

const isOverdue = ({ kind, until }: NonNullable<EnrolmentRow['replanned']>, now: Instant): boolean =>
  kind !== 'wait' || (until !== null && until < now - GRACE_MS);

/** Invoices and customers that something was recorded about which may leave steps out. */
function excuses(facts: readonly Fact[]): Set<string> {
  const found = new Set<string>();
  for (const fact of facts) {
    if (fact.kind === 'closed' || fact.kind === 'reopened') found.add(fact.invoiceId);
    else if (fact.kind === 'held') found.add(fact.invoiceId ?? fact.customerId);
  }
  return found;
}
