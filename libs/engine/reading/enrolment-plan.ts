import type { CampaignDocument } from '#domain/campaign/document.js';
import { heldWords, wholeHolds } from '#domain/planning/holding.js';
import { type Plan, plan, planAnswers, type PutOff } from '#domain/planning/plan.js';
import { schedule } from '#domain/planning/schedule.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { loadVersion } from '../campaigns/load-version.js';
import { type LoadedEnrolment, loadEnrolments } from '../load-enrolment.js';
import type { Scope } from '../scope.js';
import { besidesAnswer, explainEnd, explainNext, type NextView } from './explain.js';

/** What is to come, as seen from now. */
export interface EnrolmentOutlook {
  next: NextView;
  /** Steps not decided yet, in the order they come due. */
  upcoming: UpcomingStep[];
}

export interface UpcomingStep {
  stepKey: string;
  occurrence: number;
  /** When it can go out; null while a hold without an end stands. */
  at: number | null;
}

/**
 * Plans an enrolment without storing anything, and says it in words.
 * @returns null when there is no such enrolment
 */
export async function readOutlook(
  scope: Scope,
  calendar: WorkingCalendar,
  enrolmentId: string,
): Promise<EnrolmentOutlook | null> {
  const [loaded] = await loadEnrolments(scope.manager, scope.organisationId, [enrolmentId], scope.now);
  if (!loaded) return null;
  const { zone } = loaded.facts.customer;
  const telling = (next: NextView, putOff: PutOff | null): NextView =>
    putOff ? besidesAnswer(next, putOff, zone) : next;
  if (loaded.state === 'ended') {
    const { putOff } = planAnswers(loaded.facts, scope.now);
    return { next: telling(explainEnd(loaded.endedReason), putOff), upcoming: [] };
  }
  const { document } = await loadVersion(scope.manager, scope.organisationId, loaded.versionId);
  const planned = plan(loaded.facts, document, loaded.cursor, scope.now, calendar);
  const upcoming = upcomingSteps(scope, calendar, loaded, document, planned);
  const context = {
    now: scope.now,
    zone,
    holds: wholeHolds(loaded.facts)
      .filter(({ until }) => until === null || until > scope.now)
      .map(({ kind }) => kind),
    held: heldWords(loaded.facts),
    hasOpenTask: loaded.facts.openTasks.some(({ waitUntil }) => waitUntil > scope.now),
    upcoming: upcoming[0]?.stepKey ?? null,
  };
  return { next: telling(explainNext(planned.next, context), planned.putOff), upcoming };
}

function upcomingSteps(
  scope: Scope,
  calendar: WorkingCalendar,
  { facts }: LoadedEnrolment,
  document: CampaignDocument,
  { cursor, next }: Plan,
): UpcomingStep[] {
  if (next.kind === 'finished') return [];
  return schedule({ facts, document, cursor, calendar }, scope.now).open.map(({ step, occurrence, at }) => ({
    stepKey: step.key,
    occurrence,
    at: at < Infinity ? at : null,
  }));
}
