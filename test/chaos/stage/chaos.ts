import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChaosReport } from '../run.js';

const PROGRAM = fileURLToPath(new URL('../../../dist/test/chaos/main.js', import.meta.url));

export interface ChaosRun {
  code: number;
  report: ChaosReport;
}

/** `npm run chaos`, as anybody runs it, compiled. @throws with all that it said when it printed no report */
export function chaos(...args: string[]): Promise<ChaosRun> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 50_000_000 };
    execFile(process.execPath, [PROGRAM, '--json', ...args], options, (error, stdout, stderr) => {
      if (stdout.trim() === '') reject(new Error(`Chaos came to no verdict:\n${stderr}`));
      else resolve({ code: error ? Number(error.code) : 0, report: JSON.parse(stdout) as ChaosReport });
    });
  });
}
