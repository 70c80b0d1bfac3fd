/**
 * Compiles TypeScript into dist/, beside it everything else the code reads (templates, schemas, sample files).
 * Usage: node scripts/build.mjs
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { readIfThere } from './support/identity.mjs';
import { root } from './support/paths.mjs';
import { messageOf, say, withProgress } from './support/progress.mjs';
import { runToEnd } from './support/run.mjs';

const SOURCE_FOLDERS = ['apps', 'libs', 'workflows', 'test'];
const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json'];
const COMPILED = new Set(['.ts', '.tsx', '.mts', '.cts']);
const OUTPUT = ['.js', '.js.map', '.d.ts'];
const stampFile = join(root, 'dist', '.kindly-stamp');

/** Compiles unless nothing has changed since the last time. */
export async function ensureBuilt() {
  if (readIfThere(stampFile) !== sourcesStamp(root)) await withProgress('compiling', build);
}

/** Compiles what changed; throws when the code has errors, which by then are on standard error. */
export async function build() {
  const stamp = sourcesStamp(root);
  removeOrphans();
  copyAssets();
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if ((await runToEnd(process.execPath, [compiler, '-p', '.'])) !== 0) {
    throw new Error('the code does not compile: the errors are listed above');
  }
  writeFileSync(stampFile, stamp);
}

/** What the build depends on, by name, size and time of change: any edit, addition or removal changes the stamp. @param {string} directory */
export function sourcesStamp(directory) {
  const hash = createHash('sha256');
  for (const file of [...SETTINGS, ...sources(directory)].sort()) {
    const { mtimeMs, size } = statSync(join(directory, file));
    hash.update(`${file}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

/** Paths of all files below the source folders, relative to the checkout. @param {string} directory @returns {string[]} */
function sources(directory) {
  return SOURCE_FOLDERS.filter((folder) => existsSync(join(directory, folder))).flatMap((folder) =>
    readdirSync(join(directory, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1)),
  );
}

/** The compiler never removes: a deleted migration would go on being run. */
function removeOrphans() {
  const known = new Set(sources(root).flatMap(outputsOf));
  for (const file of sources(join(root, 'dist'))) {
    if (!known.has(file)) rmSync(join(root, 'dist', file));
  }
}

/** @param {string} source @returns {string[]} */
const outputsOf = (source) =>
  COMPILED.has(extname(source)) ? OUTPUT.map((end) => source.replace(/\.[^.]+$/, end)) : [source];

/** Code finds its files beside itself (`import.meta.dirname`), in dist/ as in the sources. */
function copyAssets() {
  for (const file of sources(root).filter((name) => !COMPILED.has(extname(name)))) {
    cpSync(join(root, file), join(root, 'dist', file), { preserveTimestamps: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  await withProgress('compiling', build).catch((error) => {
    say(messageOf(error));
    process.exitCode = 1;
  });
}
