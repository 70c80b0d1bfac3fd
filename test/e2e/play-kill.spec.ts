import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** The whole sample, played on the real engine while its worker is killed twice; bounded by the play itself. */
const PLAY_LIMIT_MS = 15 * 60_000;

const cli = join(import.meta.dirname, '../../dist/apps/cli/main.js');
const data = (name: string): string => join(import.meta.dirname, '../../../shared/data', name);

const CAMPAIGN = `
kindly: 1
name: Three reminders
policy: none
steps:
  - { key: heads-up, at: { anchor: due_date, offset: -P3D, time: "10:00" }, send: [email], template: heads-up }
  - { key: overdue, at: { anchor: due_date, offset: P1D, time: "10:00" }, send: [email], template: overdue }
  - { key: second, at: { anchor: due_date, offset: P14D, time: "10:00" }, send: [email], template: second-notice }
`;

interface Run {
  report: { steps: Record<string, { due: number }>; violations: unknown[] };
  ledger: string;
}

let directory: string;
let args: string[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kindly-play-'));
  const campaign = join(directory, 'campaign.yaml');
  await writeFile(campaign, CAMPAIGN);
  const files = ['--customers', data('ar-customers.csv'), '--invoices', data('ar-invoices.csv')];
  args = [...files, '--campaign', campaign, '--json'];
});

afterAll(() => rm(directory, { recursive: true }));

async function simulate(): Promise<Run> {
  const ledger = join(directory, 'simulated.jsonl');
  const { stdout } = await promisify(execFile)(process.execPath, [
    cli,
    'simulate',
    ...args,
    '--ledger',
    ledger,
  ]);
  return { report: JSON.parse(stdout) as Run['report'], ledger: await readFile(ledger, 'utf8') };
}

/** Plays, and kills the worker whenever the clock passes one of these dates. */
async function playWithKills(dates: string[]): Promise<Run & { kills: number }> {
  const ledger = join(directory, 'played.jsonl');
  const child = spawn(process.execPath, [cli, 'play', ...args, '--ledger', ledger], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let worker = 0;
  let kills = 0;
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    worker = Number(/The worker is process (\d+)/.exec(line)?.[1] ?? worker);
    const clock = /The clock stands at (\S+)/.exec(line)?.[1];
    const due = dates[kills];
    if (clock && due && clock > due) {
      process.kill(worker, 'SIGKILL');
      kills += 1;
    }
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`play ended with ${code}:\n${lines.slice(-40).join('\n')}`);
  return { report: JSON.parse(output) as Run['report'], ledger: await readFile(ledger, 'utf8'), kills };
}

describe('a whole portfolio', () => {
  it(
    'is played with the worker killed in the middle exactly as it is simulated',
    async () => {
      const simulated = await simulate();
      const { kills, ...played } = await playWithKills(['2012-07-01', '2013-03-01']);
      expect(kills).toBe(2);
      expect(Object.values(played.report.steps).map(({ due }) => due)).toEqual([1104, 816, 196]);
      expect(played.report.violations).toEqual([]);
      expect(played.report).toEqual(simulated.report);
      expect(played.ledger).toBe(simulated.ledger);
    },
    PLAY_LIMIT_MS,
  );
});
