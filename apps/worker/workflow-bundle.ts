import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** The compiled code: what this file is part of, or stands beside where specs run it from its source. */
const above = join(import.meta.dirname, '../..');
const dist = existsSync(join(above, 'package.json')) ? join(above, 'dist') : above;
const bundleFile = `${dist}/workflow-bundle.js`;
const entry = `${dist}/workflows/index.js`;

/** Loaded once for all workflows instead of once for each: the SDK, which keeps what belongs to a workflow elsewhere. */
const SHARED_MODULES = ['@temporalio/workflow'];

/** The workflow code as one file for the worker's sandbox; made again only when the compiled code is newer. */
export async function loadWorkflowBundle(): Promise<{ code: string }> {
  if (existsSync(bundleFile) && statSync(bundleFile).mtimeMs > newestSource()) {
    return { code: await readFile(bundleFile, 'utf8') };
  }
  const bundle = await bundleWorkflowCode({
    workflowsPath: entry,
    preloadModules: SHARED_MODULES,
    logger: new DefaultLogger('ERROR'),
  });
  // Two workers may bundle at once: each writes a file of its own and renames it into place.
  const own = `${bundleFile}.${process.pid}`;
  await writeFile(own, bundle.code);
  await rename(own, bundleFile);
  return bundle;
}

/** What workflow code may import: itself, the contracts and the domain. */
function newestSource(): number {
  const folders = ['workflows', 'libs/contracts', 'libs/domain'].map((folder) => `${dist}/${folder}`);
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  return Math.max(...files.filter((file) => file.endsWith('.js')).map((file) => statSync(file).mtimeMs));
}
