import { parseArgs } from 'node:util';
import { BREAKS, type Break } from './broken.js';

export interface ChaosOptions {
  seed: number;
  /** How long servers are killed, providers fail and facts arrive; what follows heals. */
  minutes: number;
  invoices: number;
  json: boolean;
  /** A fault put into a copy of the product, which the judge has to find. */
  broken: Break | null;
}

/** `told`: what to print instead of a run, and the exit code after that. */
export type ReadOptions = { ok: true; options: ChaosOptions } | { ok: false; told: string; exitCode: 0 | 2 };

export const USAGE = `Usage: npm run chaos -- --seed <n> [options]

Runs Kindly on servers of its own, kills them, has providers fail, and proves afterwards that nobody was wronged.

  --seed <n>       decides every kill, fault and fact (1)
  --minutes <n>    how long it goes on before everything heals (3)
  --invoices <n>   (2000)
  --break <what>   puts a fault into a copy of the product: ${BREAKS.join(', ')}
  --json           print one JSON object on standard output
  --help           print this`;

/** @param args what follows the program's name */
export function readOptions(args: readonly string[]): ReadOptions {
  const parsed = parse(args);
  if (!parsed.ok) return wrong(parsed.message);
  const { help, json, seed, minutes, invoices, break: fault } = parsed.values;
  if (help) return { ok: false, told: USAGE, exitCode: 0 };
  if (!/^\d{1,9}$/.test(seed)) return wrong(`--seed "${seed}" is no number; write one like 7`);
  if (!(Number(minutes) > 0 && Number(minutes) <= 60))
    return wrong(`--minutes "${minutes}" is no time; write minutes up to 60, like 1 or 0.5`);
  if (!/^[1-9]\d{0,4}$/.test(invoices))
    return wrong(`--invoices "${invoices}" is no number; write a whole number from 1, like 200`);
  const broken = BREAKS.find((each) => each === fault) ?? null;
  if (fault !== undefined && !broken)
    return wrong(`--break "${fault}" is none; write ${BREAKS.join(' or ')}`);
  return {
    ok: true,
    options: { seed: Number(seed), minutes: Number(minutes), invoices: Number(invoices), json, broken },
  };
}

const wrong = (message: string): ReadOptions => ({ ok: false, told: `${message}\n\n${USAGE}`, exitCode: 2 });

function parse(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { ...flag, short: 'h' },
        json: flag,
        seed: { type: 'string', default: '1' },
        minutes: { type: 'string', default: '3' },
        invoices: { type: 'string', default: '2000' },
        break: { type: 'string' },
      },
    });
    return { ok: true, values } as const;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    return { ok: false, message } as const;
  }
}
