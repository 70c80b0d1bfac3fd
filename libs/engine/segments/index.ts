export { ratePayer } from './rating.js';
export { customersOf, deleteSegment, upsertSegments } from './segments.js';
