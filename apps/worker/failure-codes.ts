import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptors, Next } from '@temporalio/worker';
import type { Logger } from '#observability/logger.js';

/**
 * Temporal keeps every failure in the workflow's history, and providers and databases quote addresses in theirs. So
 * a failure leaves an activity as a code alone: no message, stack or cause. The full error goes to the log, masked.
 */
export const failureCodes = (logger: Logger) => (): ActivityInterceptors => ({
  inbound: {
    async execute(input, next: Next<Required<NonNullable<ActivityInterceptors['inbound']>>, 'execute'>) {
      try {
        return await next(input);
      } catch (error) {
        logger.error({ err: error }, 'An activity failed.');
        throw toCode(error);
      }
    },
  },
});

/** A failure that says only what kind it was, and keeps what decides about retries. */
export function toCode(error: unknown): ApplicationFailure {
  const code = codeOf(error);
  const known = error instanceof ApplicationFailure ? error : undefined;
  const delay: unknown = known?.nextRetryDelay;
  const failure = ApplicationFailure.create({
    message: code,
    type: code,
    nonRetryable: known?.nonRetryable ?? false,
    ...(typeof delay === 'number' ? { nextRetryDelay: delay } : {}),
  });
  failure.stack = '';
  return failure;
}

/** SQLSTATE, Node's code or the class name: all from fixed vocabularies. Anything else, a telephone number too, is `error`. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error';
  const own: unknown = Reflect.get(error, 'code');
  const type: unknown = error instanceof ApplicationFailure ? error.type : undefined;
  const code = typeof own === 'string' ? own : typeof type === 'string' ? type : error.name;
  return /^(?!.*\d{6})[A-Za-z0-9_]{1,60}$/.test(code) ? code : 'error';
}
