import { join, resolve } from 'node:path';

/** The checkout this file belongs to. */
export const root = resolve(import.meta.dirname, '..', '..');

/** Everything Kindly keeps on this machine, git-ignored; deleting it (with nothing running) starts afresh. */
export const stateDirectory = join(root, '.kindly');

/** @param {...string} parts */
export const statePath = (...parts) => join(stateDirectory, ...parts);
