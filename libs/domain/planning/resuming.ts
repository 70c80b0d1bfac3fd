import { alwaysComes, type CampaignDocument } from '#domain/campaign/document.js';
import { type EnrolmentFacts, isKept, type PromiseFacts } from '#domain/facts.js';
import type { Resumption, ResumeRule } from '#domain/holds.js';
import { brokenPlan, type PlanFacts } from '#domain/instalments.js';
import type { Instant } from '#domain/instant.js';
import { addDays, startOfDay } from '#domain/local-time.js';
import type { Cursor } from './cursor.js';
import type { Occurrence } from './occurrences.js';

type Stage = Pick<CampaignDocument, 'onPromiseBroken'>;

/** Where a campaign goes on after somebody did not keep their word. */
function afterBroken({ onPromiseBroken: named }: Stage): ResumeRule {
  if (named === 'same_step' || named === 'next_step') return { rule: named };
  return { rule: 'step', step: named };
}

/** A plan of this enrolment whose parts were missed, in the same way as a promise. */
function endOfPlan(facts: EnrolmentFacts, document: Stage, now: Instant): Resumption[] {
  const plan = brokenPlan(facts, now);
  return plan && plan.agreedAt >= facts.enrolledAt
    ? [{ ...afterBroken(document), from: plan.agreedAt, at: plan.at }]
    : [];
}

/** Promises of this enrolment that were not kept, as what they held back goes on: at the stage that the campaign names. */
function brokenPromises({ promises, customer, enrolledAt }: EnrolmentFacts, document: Stage): Resumption[] {
  const how = afterBroken(document);
  if (how.rule === 'same_step') return [];
  return promises
    .filter((promise) => !promise.cancelled && !isKept(promise) && promise.madeAt >= enrolledAt)
    .map(({ madeAt, promisedOn }) => ({
      ...how,
      from: madeAt,
      at: startOfDay(addDays(promisedOn, 1), customer.zone),
    }));
}

/**
 * Steps that are passed over because of how a hold ended: the one that came due first while it stood, or all before the one
 * that is named. Depends on nothing that planning changes, so that planning again passes over the same.
 *
 * @param occurrences by nominal moment
 */
export function passedOver(
  occurrences: readonly Occurrence[],
  facts: EnrolmentFacts,
  document: CampaignDocument,
  now: Instant,
): Occurrence[] {
  const ended = [
    ...facts.resumptions,
    ...brokenPromises(facts, document),
    ...endOfPlan(facts, document, now),
  ].filter(({ at }) => at <= now);
  if (ended.length === 0) return [];
  const ladder = occurrences.filter(({ step }) => alwaysComes(step));
  return ended.flatMap((each) => {
    if (each.rule === 'next_step')
      return ladder.filter(({ nominal }) => each.from <= nominal && nominal < each.at).slice(0, 1);
    if (each.rule === 'same_step' || each.rule === 'restart') return [];
    const target = document.steps.findIndex(({ key }) => key === each.step);
    return ladder.filter(({ stepIndex }) => stepIndex < target);
  });
}

/** The last promise that was not kept, if nobody was written to or called since its day ended: the next message says so. */
export function untoldPromise(
  { promises, customer }: EnrolmentFacts,
  cursor: Cursor,
  now: Instant,
): PromiseFacts | null {
  const last = promises.filter(({ cancelled }) => !cancelled).at(-1);
  if (!last || isKept(last)) return null;
  const broken = startOfDay(addDays(last.promisedOn, 1), customer.zone);
  return broken <= now && !wasToldSince(broken, cursor) ? last : null;
}

/** A plan that missed parts have ended, if nobody was written to or called since: the next message says so. */
export function untoldPlan(facts: EnrolmentFacts, cursor: Cursor, now: Instant): PlanFacts | null {
  const plan = brokenPlan(facts, now);
  return plan && !wasToldSince(plan.at, cursor) ? plan : null;
}

/** Whether anybody was written to or called since. */
export const wasToldSince = (moment: Instant, { decided, run }: Cursor): boolean =>
  (run?.lastContactAt ?? -Infinity) >= moment ||
  Object.values(decided).some(({ at, how }) => how === 'done' && at >= moment);
