/**
 * Adds to package-lock.json the packages for other platforms that a partial mirror of the npm registry does not have:
 * npm leaves them out in silence when it writes the file, and `npm ci` then refuses it everywhere.
 * Run after changing dependencies. Usage: node scripts/complete-lock.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './support/paths.mjs';

/**
 * @typedef {{ version?: string, dev?: boolean, optionalDependencies?: Record<string, string>, [field: string]: unknown }} LockEntry
 * @typedef {Record<string, LockEntry>} LockPackages  by path, as in package-lock.json
 */

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/** The entries that `packages` lacks. @param {LockPackages} packages @returns {LockPackages} */
export function missingEntries(packages) {
  /** @type {LockPackages} */
  const missing = {};
  for (const [path, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      if (!isResolved(packages, path, name)) missing[`node_modules/${name}`] = entryFor(name, range, dev);
    }
  }
  return missing;
}

/** As Node looks for it: in the package's own modules, then outwards. @param {LockPackages} packages @param {string} path @param {string} name */
function isResolved(packages, path, name) {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true;
    if (from === '') return false;
  }
}

/** Platform packages name their platform and are asked for in one exact version. @param {string} name @param {string} range @param {boolean | undefined} dev @returns {LockEntry} */
function entryFor(name, range, dev) {
  const words = name.split(/[-/]/);
  const among = (/** @type {string[]} */ known) => words.filter((word) => known.includes(word));
  const [cpu, os] = [among(PROCESSORS), among(SYSTEMS)];
  return {
    version: range.replace(/^[\^~]/, ''),
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

if (process.argv[1] === import.meta.filename) {
  const file = join(root, 'package-lock.json');
  const lock = /** @type {{ packages: LockPackages }} */ (JSON.parse(readFileSync(file, 'utf8')));
  const missing = missingEntries(lock.packages);
  const all = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(all) }, null, 2)}\n`);
  console.error(
    `added ${Object.keys(missing).length} packages: ${Object.keys(missing).join(', ') || 'nothing was missing'}`,
  );
}
