import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readIfThere } from './identity.mjs';
import { stateDirectory, statePath } from './paths.mjs';

/** @typedef {import('../infrastructure.mjs').RolePasswords} RolePasswords */

/**
 * Of the database roles that Kindly's programs connect as: from the environment, else random and kept with the checkout.
 * Roles belong to the whole server, so the same passwords serve every database on it, the tests' included.
 * @returns {RolePasswords}
 */
export function rolePasswords() {
  const kept = keptPasswords();
  return {
    appPassword: process.env['KINDLY_APP_PASSWORD'] ?? kept.appPassword,
    systemPassword: process.env['KINDLY_SYSTEM_PASSWORD'] ?? kept.systemPassword,
  };
}

/** As the programs read them. @param {RolePasswords} passwords @returns {Record<string, string>} */
export const passwordEnvironment = ({ appPassword, systemPassword }) => ({
  KINDLY_APP_PASSWORD: appPassword,
  KINDLY_SYSTEM_PASSWORD: systemPassword,
});

/** The installation's own key, which creates organisations: from the environment, else random and kept with the checkout. */
export const rootKey = () =>
  process.env['KINDLY_ROOT_KEY'] || keptOnce('root-key', () => random() + random());

const random = () => randomBytes(24).toString('base64url');

/** @returns {RolePasswords} */
const keptPasswords = () =>
  /** @type {RolePasswords} */ (
    JSON.parse(
      keptOnce('passwords.json', () => JSON.stringify({ appPassword: random(), systemPassword: random() })),
    )
  );

/**
 * What was made when it was first asked for. Of two processes that ask at once, both get what one of them made.
 * @param {string} name
 * @param {() => string} make
 */
function keptOnce(name, make) {
  const file = statePath(name);
  const kept = readIfThere(file);
  if (kept !== undefined) return kept;
  mkdirSync(stateDirectory, { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, make(), { mode: 0o600 });
  try {
    linkSync(aside, file);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside);
  }
  return readFileSync(file, 'utf8');
}
