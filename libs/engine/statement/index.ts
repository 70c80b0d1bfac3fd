export { type Carried, concernedBy, readCarried, writeAttempts } from './attempts.js';
export {
  type Candidates,
  gatherStatement,
  loadCandidates,
  type Member,
  STATEMENT_TEMPLATE,
} from './gather.js';
export { settleStatement } from './settle.js';
