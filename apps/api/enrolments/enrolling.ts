import { Inject, Injectable } from '@nestjs/common';
import type { WorkingCalendar } from '#domain/working-days.js';
import { enrolInvoices, type EnrolResult } from '#engine/enrol.js';
import { type Scope, withScope } from '#engine/scope.js';
import { actorOf, type KeyCaller } from '../common/caller.js';
import { Database } from '../common/database.js';
import { type IdempotentAnswer, type IdempotentRequest, once, storedAnswer } from '../common/idempotency.js';
import { CALENDAR } from '../common/calendar.js';
import { nextOfFilter, resolveInvoices, versionToEnrolIn } from './candidates.js';
import type { EnrolFilter, EnrolInput, EnrolledResource } from './enrolments.schemas.js';

/** Invoices of one transaction: their customers are locked meanwhile. */
const CHUNK = 200;
/** Of real time, for a filter; well under the patience of proxies. */
const BUDGET_MS = 20_000;

type InScope = <T>(work: (scope: Scope) => Promise<T>) => Promise<T>;

/**
 * Enrols in bulk, a transaction a chunk. What was enrolled stays so when a later chunk fails: the same request again
 * does the rest, with or without its Idempotency-Key.
 */
@Injectable()
export class Enrolling {
  constructor(
    private readonly database: Database,
    @Inject(CALENDAR) private readonly calendar: WorkingCalendar,
  ) {}

  async enrol(
    caller: KeyCaller,
    input: EnrolInput,
    request: IdempotentRequest | undefined,
  ): Promise<IdempotentAnswer<EnrolledResource>> {
    const inScope: InScope = (work) =>
      withScope(this.database.app, caller.organisationId, actorOf(caller), work);
    const stored = request && (await inScope((scope) => storedAnswer<EnrolledResource>(scope, request)));
    if (stored) return { answer: stored.answer, replayed: true };
    const versionId = await inScope((scope) => versionToEnrolIn(scope, input));
    const answer = input.filter
      ? await this.byFilter(inScope, versionId, input, input.filter)
      : await this.byName(inScope, versionId, input, input.invoices ?? []);
    return request
      ? inScope((scope) => once(scope, request, async () => answer))
      : { answer, replayed: false };
  }

  private async byName(
    inScope: InScope,
    versionId: string,
    { entry }: EnrolInput,
    references: readonly string[],
  ): Promise<EnrolledResource> {
    const results = new Map<string, EnrolResult>();
    for (let at = 0; at < references.length; at += CHUNK) {
      const chunk = references.slice(at, at + CHUNK);
      await inScope(async (scope) => {
        const ids = await resolveInvoices(scope, chunk);
        const invoiceIds = [...new Set(ids.values())];
        const enrolled = await enrolInvoices(scope, this.calendar, { versionId, invoiceIds, entry });
        for (const [reference, id] of ids) {
          const result = enrolled.find(({ invoiceId }) => invoiceId === id);
          if (result) results.set(reference, result);
        }
      });
    }
    return namedAnswer(references, results);
  }

  private async byFilter(
    inScope: InScope,
    versionId: string,
    { entry }: EnrolInput,
    filter: EnrolFilter,
  ): Promise<EnrolledResource> {
    const endAt = Date.now() + BUDGET_MS;
    const all: EnrolResult[] = [];
    for (let after: string | null = null; ;) {
      if (Date.now() > endAt) return answerOf(all, false, []);
      const chunk: EnrolResult[] = await inScope(async (scope) => {
        const invoiceIds = await nextOfFilter(scope, filter, after, CHUNK);
        return invoiceIds.length === 0
          ? []
          : enrolInvoices(scope, this.calendar, { versionId, invoiceIds, entry });
      });
      all.push(...chunk);
      after = chunk.at(-1)?.invoiceId ?? null;
      if (chunk.length < CHUNK) return answerOf(all, true, []);
    }
  }
}

function namedAnswer(
  references: readonly string[],
  results: ReadonlyMap<string, EnrolResult>,
): EnrolledResource {
  const invoices = references.map((invoice) => {
    const found = results.get(invoice);
    return {
      invoice,
      result: found?.result ?? ('unknown' as const),
      enrolmentId: found?.enrolmentId ?? null,
    };
  });
  return answerOf(invoices, true, invoices);
}

function answerOf(
  results: readonly Pick<EnrolResult, 'result'>[],
  complete: boolean,
  invoices: EnrolledResource['invoices'],
): EnrolledResource {
  const count = (result: EnrolResult['result']): number =>
    results.filter((each) => each.result === result).length;
  return {
    enrolled: count('enrolled'),
    alreadyEnrolled: count('already_enrolled'),
    notOpen: count('not_open'),
    unknown: count('unknown'),
    complete,
    invoices,
  };
}
