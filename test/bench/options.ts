import { parseArgs } from 'node:util';

export interface BenchOptions {
  json: boolean;
  rounds: number;
  workflows: number;
  starts: number;
  sleeping: number;
}

/** `told`: what to print instead of a measurement, and the exit code after that. */
export type ReadOptions = { ok: true; options: BenchOptions } | { ok: false; told: string; exitCode: 0 | 2 };

export const USAGE = `Usage: npm run bench -- [options]

Measures Kindly beside a bare Temporal workflow, on servers of its own.

  --rounds <n>     rounds of which the median is taken (7)
  --workflows <n>  workflows of a round that walk a ladder (150)
  --starts <n>     workflows that are only started at a time, twice a round (500)
  --sleeping <n>   enrolments asleep while memory is measured (10000)
  --json           print one JSON object on standard output
  --help           print this`;

const COUNTS = { rounds: '7', workflows: '150', starts: '500', sleeping: '10000' } as const;

/** @param args what follows the program's name */
export function readOptions(args: readonly string[]): ReadOptions {
  const parsed = parse(args);
  if (!parsed.ok) return wrong(parsed.message);
  const { help, json, ...counts } = parsed.values;
  if (help) return { ok: false, told: USAGE, exitCode: 0 };
  const bad = Object.entries(counts).find(([, text]) => !isCount(text));
  if (bad)
    return wrong(`--${bad[0]} "${bad[1]}" is no number; write a whole number from 1, like ${COUNTS.rounds}`);
  const { rounds, workflows, starts, sleeping } = counts;
  return {
    ok: true,
    options: {
      json,
      rounds: Number(rounds),
      workflows: Number(workflows),
      starts: Number(starts),
      sleeping: Number(sleeping),
    },
  };
}

const isCount = (text: string): boolean => /^[1-9]\d{0,6}$/.test(text);

const wrong = (message: string): ReadOptions => ({ ok: false, told: `${message}\n\n${USAGE}`, exitCode: 2 });

function parse(args: readonly string[]) {
  const count = (standard: string) => ({ type: 'string', default: standard }) as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { ...flag, short: 'h' },
        json: flag,
        rounds: count(COUNTS.rounds),
        workflows: count(COUNTS.workflows),
        starts: count(COUNTS.starts),
        sleeping: count(COUNTS.sleeping),
      },
    });
    return { ok: true, values } as const;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    return { ok: false, message } as const;
  }
}
