import { z } from 'zod';
import type { RefusalReason, Refused, Written } from '#contracts/schemas/index.js';
import { isRefused } from '#engine/facts/refusal.js';
import { Problem } from './problem.js';
import type { ProblemName } from './problem.js';

/** What stands in the way is the state of things, not the request: the same request may succeed later. */
const CONFLICTS: ReadonlySet<RefusalReason> = new Set([
  'below_allocated',
  'part_in_use',
  'over_allocated',
  'invoice_not_open',
  'differs',
  'wrong_state',
  'more_than_owed',
  'too_many_promises',
  'not_enrolled',
]);

const kindOf = (reason: RefusalReason): ProblemName => {
  if (reason.startsWith('unknown_')) return 'not-found';
  return CONFLICTS.has(reason) ? 'conflict' : 'unprocessable';
};

/** `what is wrong; what to do`. */
const refusalProblem = ({ reason, field, message, externalId }: Refused): Problem => {
  const [what = message, remedy] = message.split(/; (.*)/s);
  const subject = field === 'id' ? `"${externalId}"` : field;
  return new Problem(kindOf(reason), `${subject} ${what}.`, {
    errors: [{ path: field, message }],
    ...(remedy ? { remedy: `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.` } : {}),
  });
};

/** The result of a command that took its input; a refusal becomes a problem and undoes the transaction. */
export const accepted = <T extends Written>(result: T | Refused | undefined): T => {
  if (result === undefined) throw new Error('The command gave no result.');
  if (isRefused(result)) throw refusalProblem(result);
  return result;
};

export type WithResult<T> = T & Pick<Written, 'result'>;

/** The schema of a resource after a write: with what the write did. */
export const withResult = <T extends z.ZodRawShape>(resource: z.ZodObject<T>): z.ZodType =>
  z
    .object({
      ...resource.shape,
      result: z.enum(['created', 'updated', 'unchanged']).meta({ description: 'What became of the request' }),
    })
    .meta({ description: resource.description });
