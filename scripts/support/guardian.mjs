/**
 * Waits for its owner to end (standard input closes, even after SIGKILL) and ends the processes the owner left.
 * Usage: node guardian.mjs <owner pid> <owner identity>
 */
import { reapOrphans } from './processes.mjs';

const [pid, identity] = process.argv.slice(2);
const deadOwner = { pid: Number(pid), identity: String(identity) };

process.stdin.resume();
process.stdin.once('close', () => void reapOrphans({ log: () => undefined, deadOwner }));
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, () => undefined);
