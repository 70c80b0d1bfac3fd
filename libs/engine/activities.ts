import type { EngineActivities } from '#contracts/engine.js';
import type { EngineDeps } from './deps.js';
import { executeStep } from './execute-step.js';
import { planEnrolment } from './plan-enrolment.js';

/** The engine's activities, bound to what they need. */
export const createEngineActivities = (deps: EngineDeps): EngineActivities => ({
  planEnrolment: (ref, now) => planEnrolment(deps, ref, now),
  executeStep: (ref, now) => executeStep(deps, ref, now),
});
