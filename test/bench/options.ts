import { parseArgs } from 'node:util';

/** What can be measured, in the order in which it is: the memory of many sleepers last, for they stay. */
export const MEASUREMENTS = [
  'starts',
  'steps',
  'history',
  'webhooks',
  'inbound',
  'receipts',
  'gate',
  'render',
  'memory',
] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

export interface BenchOptions {
  json: boolean;
  /** In the order of {@link MEASUREMENTS}. */
  only: readonly Measurement[];
  rounds: number;
  workflows: number;
  starts: number;
  calls: number;
  messages: number;
  sleeping: number;
}

/** `told`: what to print instead of a measurement, and the exit code after that. */
export type ReadOptions = { ok: true; options: BenchOptions } | { ok: false; told: string; exitCode: 0 | 2 };

export const USAGE = `Usage: npm run bench -- [options]

Measures Kindly beside what the same would cost without it, on servers of its own.

  --only <names>   measure these alone, with commas:
                     starts    enrolments a second, beside starts of a bare Temporal workflow
                     steps     sent steps a second, beside a bare workflow with the same timers
                     history   events and bytes that a step adds to a workflow's history
                     webhooks  signed receipts that the API stores a second, beside bare inserts
                     inbound   from a person's reply by SMS until the invoice's workflow has planned anew
                     receipts  sent steps a second while receipts of them come in, beside none
                     gate      to decide on a step and what goes with it, with 50,000 messages in the ledger
                     render    time to render a message
                     memory    a worker's memory with many enrolments asleep
  --rounds <n>     rounds of which the median is taken (7); of receipts a third of them
  --workflows <n>  workflows of a round that walk a ladder (150)
  --starts <n>     workflows that are only started at a time, twice a round (500)
  --calls <n>      calls of webhooks at a time (400)
  --messages <n>   replies that come in, one after the other (200)
  --sleeping <n>   enrolments asleep while memory is measured (10000)
  --json           print one JSON object on standard output
  --help           print this`;

const COUNTS = {
  rounds: '7',
  workflows: '150',
  starts: '500',
  calls: '400',
  messages: '200',
  sleeping: '10000',
} as const;

/** @param args what follows the program's name */
export function readOptions(args: readonly string[]): ReadOptions {
  const parsed = parse(args);
  if (!parsed.ok) return wrong(parsed.message);
  const { help, json, only, ...counts } = parsed.values;
  if (help) return { ok: false, told: USAGE, exitCode: 0 };
  const names = only.split(',').map((name) => name.trim());
  const strange = names.find((name) => !(MEASUREMENTS as readonly string[]).includes(name));
  if (strange !== undefined)
    return wrong(`--only "${strange}" is no measurement; write one or more of ${MEASUREMENTS.join(', ')}`);
  const bad = Object.entries(counts).find(([, text]) => !isCount(text));
  if (bad)
    return wrong(`--${bad[0]} "${bad[1]}" is no number; write a whole number from 1, like ${COUNTS.rounds}`);
  return {
    ok: true,
    options: {
      json,
      only: MEASUREMENTS.filter((name) => names.includes(name)),
      rounds: Number(counts.rounds),
      workflows: Number(counts.workflows),
      starts: Number(counts.starts),
      calls: Number(counts.calls),
      messages: Number(counts.messages),
      sleeping: Number(counts.sleeping),
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
        only: { type: 'string', default: MEASUREMENTS.join() },
        rounds: count(COUNTS.rounds),
        workflows: count(COUNTS.workflows),
        starts: count(COUNTS.starts),
        calls: count(COUNTS.calls),
        messages: count(COUNTS.messages),
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
