import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';
import { describeError } from './describe-error.js';

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** Which program speaks: `api`, `worker`, `kindly`. */
  name: string;
  /** `info` unless given; `silent` for none. */
  level?: string;
  /** Lines for people instead of JSON. */
  pretty?: boolean;
}

/**
 * Writes JSON lines to the standard output. Log ids, codes and counts under names, as
 * `logger.info({ organisation, invoice }, 'settled')`; never a name, an address or a text a person wrote. Errors go
 * under `err`, which is stripped of what it quotes.
 */
export const createLogger = ({ name, level = 'info', pretty: forPeople = false }: LoggerOptions): Logger =>
  pino(
    { name, level, base: { name }, serializers: { err: describeError } },
    forPeople ? pretty({ colorize: process.stdout.isTTY, ignore: 'pid,hostname', sync: true }) : undefined,
  );
