import { Inject, Injectable } from '@nestjs/common';
import { formatInstant, parseInstant } from '#domain/instant.js';
import { advanceClock, ClockCannotGoBackError } from '#engine/clock/advance.js';
import { NotSettledError } from '#engine/clock/settled.js';
import { withScope } from '#engine/scope.js';
import { actorOf, type KeyCaller } from '../common/caller.js';
import { Database } from '../common/database.js';
import { Problem } from '../common/problem.js';
import { type ApiSettings, SETTINGS } from '../common/settings.js';
import type { AdvancedResource } from './clock.schemas.js';

/** Of real time; well under the patience of proxies. */
const BUDGET_MS = 20_000;

/** Advances test clocks. Many transactions long, so no command of one. */
@Injectable()
export class TestClock {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async advance(caller: KeyCaller, to: string): Promise<AdvancedResource> {
    await this.requireTest(caller);
    const deps = { dataSource: this.database.app, appUrl: this.settings.appDatabaseUrl };
    try {
      const { now, reached } = await advanceClock(
        deps,
        caller.organisationId,
        parseInstant(to),
        BUDGET_MS,
        actorOf(caller),
      );
      return { now: formatInstant(now), reached };
    } catch (error) {
      throw toProblem(error);
    }
  }

  private async requireTest(caller: KeyCaller): Promise<void> {
    const kind = await withScope(
      this.database.app,
      caller.organisationId,
      actorOf(caller),
      async (scope) => scope.kind,
    );
    if (kind === 'test') return;
    throw new Problem('conflict', 'A live organisation runs on real time; its clock cannot be advanced.', {
      remedy: 'Use a key of a test organisation.',
    });
  }
}

const toProblem = (error: unknown): unknown => {
  if (error instanceof ClockCannotGoBackError) return new Problem('conflict', error.message);
  if (error instanceof NotSettledError) {
    return new Problem('busy', 'The engine did not come to rest.', {
      remedy: 'Start a worker, then send it again.',
      cause: error,
    });
  }
  return error;
};
