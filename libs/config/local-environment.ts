import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Environment } from './environment.js';

const file = fileURLToPath(new URL('../../../.kindly/environment.json', import.meta.url));

/** What `npm start` tells its services, while it runs in this checkout: so that commands beside it need no set-up. */
export function localEnvironment(): Environment {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Environment;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
