import { disputedAmount, type EnrolmentFacts, type OpenTaskFacts, openBalance } from './facts.js';
import type { Instant, LocalDate } from './instant.js';
import { addDays, startOfDay } from './local-time.js';
import { effectsOf, type TaskContext, type TaskEffect, type TaskOutcome } from './task-outcomes.js';

/**
 * Closes a task of an enrolment's facts with its outcome, as `completeTask` does in the store: for `simulate`, which
 * has no store.
 *
 * @param pointOf the contact point of a telephone number; null for none of the customer's
 * @throws RangeError when the outcome cannot be, saying why
 */
export function applyOutcome(
  facts: EnrolmentFacts,
  task: OpenTaskFacts,
  outcome: TaskOutcome,
  now: Instant,
  pointOf: (phone: string) => string | null = () => null,
): void {
  const { stepKey, occurrence } = task;
  if (task.approves)
    facts.approvals = [
      ...facts.approvals,
      { stepKey, occurrence, isApproved: outcome.outcome === 'approved', templates: task.approves, at: now },
    ];
  const result = effectsOf(outcome, contextOf(facts, task, now));
  if (!result.ok) {
    const { field, message } = result.refusal;
    throw new RangeError(`Invoice ${facts.invoice.externalId}, ${outcome.outcome}: ${field} ${message}`);
  }
  facts.openTasks = facts.openTasks.filter(({ id }) => id !== task.id);
  for (const effect of result.effects) apply(facts, task, effect, now, pointOf);
}

const contextOf = (
  { customer, invoice, holds, promises }: EnrolmentFacts,
  { waitUntil }: OpenTaskFacts,
  now: Instant,
): TaskContext => ({
  now,
  zone: customer.zone,
  owed: {
    minor: openBalance(invoice),
    currency: invoice.currency,
    disputed: disputedAmount(holds.filter(({ until }) => until === null || until > now)),
  },
  promises,
  enrolled: true,
  preferred: customer.preferred,
  dueAt: now,
  waitUntil,
  pointId: null,
});

function apply(
  facts: EnrolmentFacts,
  { id, stepKey, occurrence }: OpenTaskFacts,
  effect: TaskEffect,
  now: Instant,
  pointOf: (phone: string) => string | null,
): void {
  switch (effect.kind) {
    case 'promise':
      return addPromise(facts, id, effect, now);
    case 'dispute':
      facts.holds = [
        ...facts.holds,
        { id: `${id}/dispute`, kind: 'dispute', until: null, amount: effect.amount },
      ];
      return;
    case 'claim':
      facts.holds = [...facts.holds, { id: `${id}/claim`, kind: 'manual', until: effect.until }];
      return;
    case 'handed_over':
      facts.holds = [...facts.holds, { id: `${id}/handed-over`, kind: 'legal', until: null }];
      return;
    case 'wrong_person':
      throw new TypeError('A task of a ladder is about no single address.');
    case 'invalid_phone':
      return strikeOut(facts, effect.phone === null ? null : pointOf(effect.phone), effect.phone === null);
    case 'call_again': {
      const { waitUntil } = effect;
      if (waitUntil !== null)
        facts.openTasks = [...facts.openTasks, { id: `${id}/again`, stepKey, occurrence, waitUntil }];
      return;
    }
    case 'letter':
      facts.requestedAnswers = [
        ...facts.requestedAnswers,
        { id: `${id}/${effect.template}`, medium: effect.medium, notBefore: null },
      ];
  }
}

/** Takes the place of an earlier promise that was still to be kept. */
function addPromise(
  facts: EnrolmentFacts,
  taskId: string,
  effect: TaskEffect & { kind: 'promise' },
  now: Instant,
): void {
  const { zone } = facts.customer;
  const stands = (promisedOn: LocalDate): boolean => startOfDay(addDays(promisedOn, 1), zone) > now;
  const earlier = facts.promises.map((each) => ({
    ...each,
    cancelled: each.cancelled || stands(each.promisedOn),
  }));
  const sequence = 1 + Math.max(0, ...earlier.map((each) => each.sequence));
  const { promisedOn, amount } = effect;
  facts.promises = [...earlier, { sequence, madeAt: now, promisedOn, cancelled: false, amount, paid: 0 }];
  const others = facts.holds.filter(({ kind }) => kind !== 'promise');
  facts.holds = [...others, { id: `${taskId}/promise`, kind: 'promise', until: effect.holdUntil }];
}

function strikeOut({ customer }: EnrolmentFacts, pointId: string | null, first: boolean): void {
  const phones = customer.people.flatMap(({ points }) => points).filter(({ kind }) => kind === 'phone');
  const wrong = phones.find(({ id, status }) =>
    first ? status !== 'invalid' && status !== 'retired' : id === pointId,
  );
  if (wrong) wrong.status = 'invalid';
}
