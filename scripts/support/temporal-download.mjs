/**
 * Lets the Temporal SDK download its development server, and moves it to where it is wanted. A process of its own, for
 * the SDK's download cannot be given up half-way.
 * Usage: node temporal-download.mjs <directory to download into>
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const downloadDir = String(process.argv[2]);
const server = { executable: { type: /** @type {const} */ ('cached-download'), downloadDir } };
try {
  const environment = await TestWorkflowEnvironment.createLocal({ server });
  await environment.teardown();
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
