import { Inject, Injectable } from '@nestjs/common';
import { formatInstant, parseInstant } from '#domain/instant.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { advanceClock, ClockCannotGoBackError } from '#engine/clock/advance.js';
import { ClockBusyError } from '#engine/clock/clock-lock.js';
import { NotSettledError } from '#engine/clock/settled.js';
import { type Scope, withScope } from '#engine/scope.js';
import { actorOf, type KeyCaller } from '../common/caller.js';
import { CALENDAR } from '../common/calendar.js';
import { Database } from '../common/database.js';
import { type IdempotentAnswer, type IdempotentRequest, once, storedAnswer } from '../common/idempotency.js';
import { Problem } from '../common/problem.js';
import { type ApiSettings, SETTINGS } from '../common/settings.js';
import type { AdvancedResource } from './clock.schemas.js';

/** Of real time; well under the patience of proxies. */
const BUDGET_MS = 20_000;

type InScope = <T>(work: (scope: Scope) => Promise<T>) => Promise<T>;

/** Advances test clocks. Many transactions long, so no command of one. */
@Injectable()
export class TestClock {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(CALENDAR) private readonly calendar: WorkingCalendar,
  ) {}

  /** What was reached stays so: the same request again goes on, with or without its Idempotency-Key. */
  async advance(
    caller: KeyCaller,
    to: string,
    request: IdempotentRequest | undefined,
  ): Promise<IdempotentAnswer<AdvancedResource>> {
    const inScope: InScope = (work) =>
      withScope(this.database.app, caller.organisationId, actorOf(caller), work);
    const stored = await inScope(async (scope) => {
      requireTest(scope);
      return request && storedAnswer<AdvancedResource>(scope, request);
    });
    if (stored) return { answer: stored.answer, replayed: true };
    const answer = await this.run(caller, to);
    // Half of the way is no answer to be given again.
    if (!request || !answer.reached) return { answer, replayed: false };
    return inScope((scope) => once(scope, request, async () => answer));
  }

  private async run(caller: KeyCaller, to: string): Promise<AdvancedResource> {
    const { calendar } = this;
    const deps = { dataSource: this.database.app, appUrl: this.settings.appDatabaseUrl, calendar };
    const until = parseInstant(to);
    try {
      const { now, reached } = await advanceClock(
        deps,
        caller.organisationId,
        until,
        BUDGET_MS,
        actorOf(caller),
      );
      return { now: formatInstant(now), reached };
    } catch (error) {
      throw toProblem(error);
    }
  }
}

const requireTest = ({ kind }: Scope): void => {
  if (kind === 'test') return;
  throw new Problem('conflict', 'A live organisation runs on real time; its clock cannot be advanced.', {
    remedy: 'Use a key of a test organisation.',
  });
};

const toProblem = (error: unknown): unknown => {
  if (error instanceof ClockCannotGoBackError) return new Problem('conflict', error.message);
  if (error instanceof ClockBusyError) {
    return new Problem('conflict', 'The clock is being advanced already.', {
      remedy: 'Wait until that request is answered, then send it again.',
    });
  }
  if (error instanceof NotSettledError) {
    return new Problem('busy', 'The engine did not come to rest.', {
      remedy: 'Start a worker, then send it again.',
      cause: error,
    });
  }
  return error;
};
