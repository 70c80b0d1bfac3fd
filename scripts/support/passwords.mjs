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
    appPassword: process.env['DATABASE_APP_PASSWORD'] ?? kept.appPassword,
    systemPassword: process.env['DATABASE_SYSTEM_PASSWORD'] ?? kept.systemPassword,
  };
}

/** As the programs read them. @param {RolePasswords} passwords @returns {Record<string, string>} */
export const passwordEnvironment = ({ appPassword, systemPassword }) => ({
  DATABASE_APP_PASSWORD: appPassword,
  DATABASE_SYSTEM_PASSWORD: systemPassword,
});

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
