import { Initial1764000000000 } from './1764000000000-initial.js';

/** In the order of their time stamps. */
export const migrations = [Initial1764000000000];
