export { type Preferring, readPreferring } from './read.js';
export { savePreferences } from './save.js';
