import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from './identity.mjs';
import { root } from './paths.mjs';
import { withProgress } from './progress.mjs';
import { runToEnd } from './run.mjs';

const stampFile = join(root, 'node_modules', '.kindly-stamp');

/** Installs what package-lock.json names, unless exactly that is installed. */
export async function ensureModules() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const wanted = stampOf(lock, `${process.platform}-${process.arch}`);
  if (readIfThere(stampFile) === wanted) return;
  if (!isInstalled(lock, readIfThere(join(root, 'node_modules', '.package-lock.json')))) {
    await withProgress('installing modules', installModules);
  }
  writeFileSync(stampFile, wanted);
}

/** Modules hold native code: a checkout shared with another kind of machine needs them anew. @param {string} lock @param {string} platform */
export const stampOf = (lock, platform) => createHash('sha256').update(lock).update(platform).digest('hex');

/**
 * Whether npm's own record of what is in node_modules fulfils the lock file: a developer who ran `npm install` need
 * not have everything installed again. Optional packages may be absent (other platforms').
 * @param {string} lock  text of package-lock.json
 * @param {string | undefined} installed  text of node_modules/.package-lock.json
 */
export function isInstalled(lock, installed) {
  if (installed === undefined) return false;
  const have = packagesOf(installed);
  return Object.entries(packagesOf(lock)).every(
    ([path, { version, optional }]) =>
      path === '' || have[path]?.version === version || (optional && !have[path]),
  );
}

/** @param {string} lock @returns {Record<string, { version?: string, optional?: boolean }>} */
const packagesOf = (lock) =>
  /** @type {{ packages?: Record<string, object> }} */ (JSON.parse(lock)).packages ?? {};

/**
 * By the same npm that called us, where one did. Tests and the compiler are development packages: they are needed. No
 * package's install script is (package.json, allowScripts), and older npms would run them. Warnings about packages of
 * packages help nobody here; errors are shown.
 */
async function installModules() {
  const npm = process.env['npm_execpath'];
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const ended = npm?.endsWith('.js')
    ? await runToEnd(process.execPath, [npm, ...args])
    : await runToEnd('npm', args);
  if (ended !== 0) throw new Error('npm could not install the modules: its messages above say why');
}
