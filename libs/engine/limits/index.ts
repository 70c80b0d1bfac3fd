export { type Admission, type Admitted, admit, lineOf } from './admit.js';
export { applyToLimits, concernsLimits } from './after-call.js';
export { readBreakers } from './breakers.js';
export { type LimitFacts, LIMITS } from './limit-facts.js';
