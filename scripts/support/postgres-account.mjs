import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './paths.mjs';

/** Accounts that exist for such a purpose, the best first. */
const CANDIDATES = ['postgres', 'nobody'];

/** @typedef {{ uid: number, gid: number }} Account */

/**
 * PostgreSQL refuses to run as root: whom it runs as instead, or `undefined` where we are not root. Data that exists
 * keeps its owner, whatever accounts have come since.
 * @param {string} dataDirectory
 * @returns {Account | undefined}
 */
export function serverAccount(dataDirectory) {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataDirectory, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = chooseAccount(readFileSync('/etc/passwd', 'utf8'));
  if (account) return account;
  throw new Error(
    `PostgreSQL does not run as root, and this system has none of the accounts ${CANDIDATES.join(', ')} to run it as. ` +
      'Create one (`useradd --system postgres`), run Kindly as another user, or set DATABASE_URL.',
  );
}

/** @param {string} passwd  text in the form of /etc/passwd @returns {Account | undefined} */
export function chooseAccount(passwd) {
  const entries = passwd.split('\n').map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const entry = entries.find(([login]) => login === name);
    if (entry && Number(entry[2]) > 0) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  return undefined;
}

/**
 * Whether the account may pass through every directory down to this one: a checkout under /root is closed to it.
 * @param {string} directory
 * @param {Account} account
 * @param {(directory: string) => { mode: number, uid: number, gid: number }} [stat]
 * @returns {boolean}
 */
export function canReach(directory, { uid, gid }, stat = statSync) {
  const { mode, uid: owner, gid: group } = stat(directory);
  const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const parent = dirname(directory);
  return parent === directory || canReach(parent, { uid, gid }, stat);
}

/** Where root keeps what the account must reach when the checkout is closed to it. */
const OUTSIDE = '/var/lib/kindly';

/** Its own for each directory that cannot be reached. @param {string} directory */
export const outsideName = (directory) =>
  `${createHash('sha256').update(root).digest('hex').slice(0, 12)}-${relative(root, directory).replaceAll(/[^\w]+/g, '-')}`;

/** Open to pass through whatever the umask. @param {string} [name] */
export function makeOutsideDirectory(name = '.') {
  const directory = join(OUTSIDE, name);
  mkdirSync(directory, { recursive: true });
  for (const path of [OUTSIDE, directory]) chmodSync(path, 0o711);
  return directory;
}
