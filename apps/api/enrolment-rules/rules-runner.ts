import { Inject, Injectable } from '@nestjs/common';
import type { WorkingCalendar } from '#domain/working-days.js';
import { type InScope, runRules, type RulesRun } from '#engine/enrolment-rules/index.js';
import { withScope } from '#engine/scope.js';
import { CALENDAR } from '../common/calendar.js';
import { actorOf, type KeyCaller } from '../common/caller.js';
import { Database } from '../common/database.js';
import { type IdempotentAnswer, type IdempotentRequest, once, storedAnswer } from '../common/idempotency.js';
import type { RulesRunResource } from './enrolment-rules.schemas.js';

/** Of real time; well under the patience of proxies. */
const BUDGET_MS = 20_000;

/** Applies the rules as by night, a transaction a chunk: what is enrolled stays so, and the same request again does the rest. */
@Injectable()
export class RulesRunner {
  constructor(
    private readonly database: Database,
    @Inject(CALENDAR) private readonly calendar: WorkingCalendar,
  ) {}

  async run(
    caller: KeyCaller,
    request: IdempotentRequest | undefined,
  ): Promise<IdempotentAnswer<RulesRunResource>> {
    const inScope: InScope = (work) =>
      withScope(this.database.app, caller.organisationId, actorOf(caller), work);
    const stored = request && (await inScope((scope) => storedAnswer<RulesRunResource>(scope, request)));
    if (stored) return { answer: stored.answer, replayed: true };
    const endAt = Date.now() + BUDGET_MS;
    const answer = answerOf(await runRules(inScope, this.calendar, 'night', () => Date.now() > endAt));
    return request
      ? inScope((scope) => once(scope, request, async () => answer))
      : { answer, replayed: false };
  }
}

const answerOf = ({ enrolled, waiting, unpublished, complete }: RulesRun): RulesRunResource => {
  const counts = (of: ReadonlyMap<string, number>) => [...of].map(([rule, invoices]) => ({ rule, invoices }));
  return { enrolled: counts(enrolled), waiting: counts(waiting), unpublished: counts(unpublished), complete };
};
