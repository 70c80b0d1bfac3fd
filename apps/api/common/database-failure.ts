import { types } from 'node:util';
import { Problem } from './problem.js';

/** Node's and PostgreSQL's codes for a server that is not there, goes away, or takes no more connections. */
const GONE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '08000',
  '08003',
  '08006',
  '25006', // read_only_sql_transaction: a standby, in the minute of a fail-over
]);

/** `pg` gives these no code. */
const GONE_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Driver not Connected|Cannot use a pool after)/;

/** serialization_failure, deadlock_detected, lock_not_available, query_canceled: another try may succeed. */
const GAVE_WAY = new Set(['40001', '40P01', '55P03', '57014']);

/** Texts and numbers that PostgreSQL cannot hold, but JSON and the schemas can. */
const UNSTORABLE = new Set(['22021', '22P05', '22003', '22007', '22008', '22P02']);

const causeOf = (error: unknown): unknown => {
  if (error instanceof AggregateError) return causeOf(error.errors[0]);
  const driverError: unknown = types.isNativeError(error) ? Reflect.get(error, 'driverError') : undefined;
  return driverError === undefined ? error : causeOf(driverError);
};

const unstorable = (cause: unknown): Problem =>
  new Problem('invalid-request', 'A value of the request cannot be stored.', {
    remedy: 'Send texts without NUL characters, dates of a plausible year, and cursors as they were given.',
    cause,
  });

/** The problem that an error of the database is for the client, or undefined when it is none of the client's. */
export const databaseProblem = (error: unknown): Problem | undefined => {
  const cause = causeOf(error);
  if (!types.isNativeError(cause)) return undefined;
  const code: unknown = Reflect.get(cause, 'code');
  const is = (codes: ReadonlySet<string>): boolean => typeof code === 'string' && codes.has(code);
  if (is(GONE) || GONE_MESSAGE.test(cause.message)) {
    return new Problem('database-unavailable', 'PostgreSQL did not answer.', { retryAfter: 5, cause: error });
  }
  if (is(GAVE_WAY)) {
    return new Problem('busy', 'The rows concerned were locked for too long.', {
      retryAfter: 1,
      cause: error,
    });
  }
  if (code === '23505') {
    return new Problem('conflict', 'Another request has just stored the same.', { cause: error });
  }
  return is(UNSTORABLE) ? unstorable(error) : undefined;
};
