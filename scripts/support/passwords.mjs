import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readIfThere } from './identity.mjs';
import { stateDirectory, statePath } from './paths.mjs';

/** @typedef {import('../infrastructure.mjs').RolePasswords} RolePasswords */

/**
 * Of the database roles that Kindly's programs connect as: from the environment, else random and kept with the checkout.
 * Roles belong to the whole server, so the same passwords serve every database on it, the tests' included.
 * @returns {RolePasswords}
 */
export function rolePasswords() {
  const kept = readKept() ?? keep({ appPassword: random(), systemPassword: random() });
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
export function rootKey() {
  const given = process.env['KINDLY_ROOT_KEY'];
  if (given) return given;
  const file = statePath('root-key');
  const kept = readIfThere(file);
  if (kept !== undefined) return kept;
  mkdirSync(stateDirectory, { recursive: true });
  const key = random() + random();
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

const random = () => randomBytes(24).toString('base64url');

const passwordsFile = () => statePath('passwords.json');

/** @returns {RolePasswords | undefined} */
function readKept() {
  const text = readIfThere(passwordsFile());
  return text === undefined ? undefined : /** @type {RolePasswords} */ (JSON.parse(text));
}

/** Of two processes that begin at once, the first one's are kept. @param {RolePasswords} passwords @returns {RolePasswords} */
function keep(passwords) {
  mkdirSync(stateDirectory, { recursive: true });
  const aside = statePath(`passwords.${process.pid}.json`);
  writeFileSync(aside, JSON.stringify(passwords), { mode: 0o600 });
  try {
    linkSync(aside, passwordsFile());
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside);
  }
  return readKept() ?? passwords;
}
