import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const JEST = ['node_modules/jest/bin/jest.js', '--selectProjects=database', '--verbose', '--runTestsByPath'];
const MINUTE = 60_000;

/** A process takes its zone at its start, so each zone is a process. The report of Jest comes on standard error. */
const runTypesIn = async (zone: string): Promise<string> => {
  const command = [`TZ=${zone}`, process.execPath, ...JEST, 'test/db/types.spec.ts'];
  const { stderr } = await promisify(execFile)('env', command, { cwd: ROOT, timeout: MINUTE });
  return stderr;
};

it.each(['Asia/Tokyo', 'America/Los_Angeles'])(
  'values are read alike in %s',
  async (zone) => {
    const report = await runTypesIn(zone);
    expect(report).toContain(`in the zone ${zone}`);
    expect(report).toContain('PASS');
  },
  MINUTE,
);
