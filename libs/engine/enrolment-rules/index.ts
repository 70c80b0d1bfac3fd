export { nightOf, nightOnClock, workAtNight } from './night.js';
export type { NightDeps } from './night.js';
export { explainRules, previewRules } from './preview.js';
export type { RuleAnswer, RulesPreview, Taking } from './preview.js';
export { runRules } from './run.js';
export type { InScope, RulesRun } from './run.js';
export { enrolByRules } from './take.js';
export { upsertRules } from './upsert.js';
