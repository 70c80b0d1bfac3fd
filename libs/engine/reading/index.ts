export { ATTEMPT_STATE, ATTEMPT_STATES, type AttemptState, RETRY_AT, retryOf } from './attempt-state.js';
export { type EnrolmentOutlook, readOutlook, type UpcomingStep } from './enrolment-plan.js';
export type { NextView } from './explain.js';
export {
  attemptSentence,
  type AttemptFacts,
  contactSentence,
  type ContactFacts,
  taskSentence,
  type TaskFacts,
} from './sentences.js';
export { readTimeline, TIMELINE_KINDS, type TimelineEntry, type TimelinePage } from './timeline.js';
export { reasonText, type StoredReason } from './words.js';
