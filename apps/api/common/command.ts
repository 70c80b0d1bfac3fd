import type { Scope } from '#engine/scope.js';

export type Work<T> = (scope: Scope) => Promise<T>;

export interface CommandOptions<T> {
  /**
   * What is kept for a repetition with the same Idempotency-Key, where the answer holds a secret that is shown once
   * and stored nowhere.
   */
  remember?: (answer: T) => unknown;
}

/** What a handler returns instead of a result: work for one transaction of the caller's organisation. */
export class Command<T> {
  constructor(
    readonly work: Work<T>,
    readonly options: CommandOptions<T> = {},
  ) {}
}

/**
 * `return run((scope) => recordPayment(scope, body))` in a handler: one transaction of the caller's organisation, on
 * its clock, in its name. With an Idempotency-Key the answer of a POST is stored in that same transaction. What
 * `work` throws ends the transaction; a {@link Problem} becomes the answer. It may run more than once (deadlocks),
 * so everything it does is in `scope.manager`.
 */
export const run = <T>(work: Work<T>, options?: CommandOptions<T>): Command<T> => new Command(work, options);
