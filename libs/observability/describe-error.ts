import { types } from 'node:util';
import { mask } from './mask.js';

/** What of an error may stand in a log. */
export interface LoggedError {
  name: string;
  message: string;
  code?: string;
  constraint?: string;
  /** Where it was thrown; without the message, which V8 repeats here. */
  frames?: string;
  cause?: LoggedError;
}

/** An error of TypeORM carries the statement's parameters, and PostgreSQL's the row: neither may be logged. */
const stringOf = (error: Error, property: string): string | undefined => {
  const own: unknown = Reflect.get(error, property);
  const drivers: unknown = Reflect.get(error, 'driverError');
  const value: unknown = own ?? (types.isNativeError(drivers) ? Reflect.get(drivers, property) : undefined);
  return typeof value === 'string' ? value : undefined;
};

const framesOf = (error: Error): string | undefined =>
  error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

/** An error without anything it quotes: its kind, its masked message, its place and its causes. */
export const describeError = (error: unknown): LoggedError => {
  if (!types.isNativeError(error)) return { name: typeof error, message: mask(String(error)) };
  const { cause } = error;
  return {
    name: error.name,
    message: mask(error.message),
    code: stringOf(error, 'code'),
    constraint: stringOf(error, 'constraint'),
    frames: framesOf(error),
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  };
};
