import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { OpenItemInput } from '#contracts/schemas/index.js';
import { parseInstant } from '#domain/instant.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { applySnapshot, MOST_DROP } from '#engine/facts/index.js';
import type { SnapshotReport } from '#engine/facts/index.js';
import { withScope } from '#engine/scope.js';
import type { Scope } from '#engine/scope.js';
import { UnreadableFileError, engineSink, importCsv, parseMapping, readOpenItems } from '#importing/index.js';
import type { ImportKind, ImportReport, Mapping, Unreadable } from '#importing/index.js';
import type { ApiRequest } from '../common/api-request.js';
import { CALENDAR } from '../common/calendar.js';
import { actorOf, keyCallerOf } from '../common/caller.js';
import { Database } from '../common/database.js';
import { idempotentRequestOf, once, storedAnswer } from '../common/idempotency.js';
import type { IdempotentAnswer, IdempotentRequest } from '../common/idempotency.js';
import { Problem } from '../common/problem.js';
import type { ImportKindName, ImportQuery, SnapshotQuery } from './imports.schemas.js';
import { TappedBody } from './tapped-body.js';

/**
 * Imports a CSV body as it arrives. It commits as it goes, so an Idempotency-Key cannot be written with its effect;
 * nor need it, for importing again changes nothing. The report is stored at the end, to be given again.
 */
@Injectable()
export class Importer {
  constructor(
    private readonly database: Database,
    @Inject(CALENDAR) private readonly calendar: WorkingCalendar,
  ) {}

  run(
    kind: ImportKindName,
    { dryRun = false, mapping }: ImportQuery,
    request: ApiRequest,
    response: Response,
  ): Promise<IdempotentAnswer<ImportReport>> {
    const columns = mapping === undefined ? undefined : readMapping(mapping, kind);
    return this.answer(request, response, async (body) => {
      const caller = keyCallerOf(request);
      const sink = engineSink(this.database.app, caller.organisationId, this.calendar, actorOf(caller));
      return importCsv(kind, body.chunks(), { dryRun, mapping: columns }, sink);
    });
  }

  /** @throws {Problem} when the list cannot be read whole, is of nobody, or has too much missing */
  snapshot(
    { creditor, asOf, maxDrop = MOST_DROP, force = false, dryRun = false, mapping }: SnapshotQuery,
    request: ApiRequest,
    response: Response,
  ): Promise<IdempotentAnswer<SnapshotReport>> {
    const columns = mapping === undefined ? undefined : readMapping(mapping, 'open-items');
    const run = this.scopedTo(request);
    return this.answer(request, response, async (body) => {
      const items = await readWhole(body, columns);
      const now = await run((scope) => Promise.resolve(scope.now));
      const at = asOf === undefined ? now : parseInstant(asOf);
      if (at > now) throw refusedSnapshot('asOf', 'lies in the future; write what the books were true at');
      const result = await applySnapshot(run, { creditor, asOf: at, items, maxDrop, force, dryRun });
      if (result.kind === 'refused') throw refusedSnapshot(result.field, result.message);
      if (result.kind === 'alarm') throw alarm(result);
      return result.report;
    });
  }

  private async answer<Report extends object>(
    request: ApiRequest,
    response: Response,
    work: (body: TappedBody) => Promise<Report>,
  ): Promise<IdempotentAnswer<Report>> {
    const body = new TappedBody(request, JSON.stringify(request.query));
    const idempotent = idempotentRequestOf(request, response);
    const scoped = this.scopedTo(request);
    const known = idempotent && (await this.replay<Report>(scoped, idempotent, body));
    if (known) return { answer: known.answer, replayed: true };
    const report = await work(body);
    const bodyHash = await body.digest();
    refuseUnusable(report);
    if (!idempotent) return { answer: report, replayed: false };
    return scoped((scope) => once(scope, { ...idempotent, bodyHash }, async () => report));
  }

  private scopedTo(request: ApiRequest): Scoped {
    const caller = keyCallerOf(request);
    return (work) => withScope(this.database.app, caller.organisationId, actorOf(caller), work);
  }

  /** The report of an earlier request with this key; undefined when there was none. */
  private async replay<Report>(
    scoped: Scoped,
    idempotent: IdempotentRequest,
    body: TappedBody,
  ): Promise<{ answer: Report } | undefined> {
    if (!(await scoped((scope) => isKnown(scope, idempotent)))) return undefined;
    const bodyHash = await body.digest();
    return scoped((scope) => storedAnswer<Report>(scope, { ...idempotent, bodyHash }));
  }
}

type Scoped = <T>(work: (scope: Scope) => Promise<T>) => Promise<T>;

const isKnown = async (scope: Scope, { key, route }: IdempotentRequest): Promise<boolean> => {
  const rows = await scope.manager.query<unknown[]>(
    'select 1 from idempotency_key where organisation_id = $1 and key = $2 and route = $3',
    [scope.organisationId, key, route],
  );
  return rows.length > 0;
};

const unreadableProblem = ({ line, what, remedy }: Unreadable): Problem => {
  const where = line === null ? 'The file' : `Line ${line} of the file`;
  return new Problem('unprocessable', `${where} ${what}.`, { remedy: `${remedy}.` });
};

const readMapping = (text: string, kind: ImportKind): Mapping | undefined => {
  try {
    return parseMapping(text, kind);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    const { what, remedy } = error.reason;
    throw new Problem('invalid-request', `The mapping is not usable: it ${what}.`, {
      errors: [{ path: 'mapping', message: what }],
      remedy: `${remedy}.`,
    });
  }
};

/** A file of which not one row could be read is a mistake of the request; another has a report. */
const refuseUnusable = (report: Partial<ImportReport>): void => {
  const { unreadable, rows } = report;
  if (unreadable && rows === 0) throw unreadableProblem(unreadable);
};

async function readWhole(body: TappedBody, mapping: Mapping | undefined): Promise<OpenItemInput[]> {
  try {
    const read = await readOpenItems(body.chunks(), mapping);
    if (read.ok) return read.items;
    const errors = read.errors.slice(0, 100).map(({ line, column, what, remedy }) => ({
      path: `line ${line}${column === null ? '' : `, ${column}`}`,
      message: `${what}; ${remedy}`,
    }));
    throw new Problem(
      'unprocessable',
      `${read.errorCount} things in the list cannot be read; nothing was applied.`,
      {
        errors,
        remedy: 'Mend the rows and send the whole list again: of half a list nobody can say what is missing.',
      },
    );
  } catch (error) {
    if (error instanceof UnreadableFileError) throw unreadableProblem(error.reason);
    throw error;
  }
}

const refusedSnapshot = (field: string, message: string): Problem =>
  new Problem('unprocessable', `${field} ${message}.`, { errors: [{ path: field, message }] });

const alarm = ({ report, allowed }: { report: SnapshotReport; allowed: number }): Problem =>
  new Problem(
    'conflict',
    `${report.closed.length} of ${report.open} open invoices are missing in the list, and ${allowed} may be; nothing was applied.`,
    {
      errors: report.closed
        .slice(0, 100)
        .map((invoice) => ({ path: invoice, message: 'is missing in the list' })),
      remedy: 'See whether the list is whole. If it is, send it again with force=true.',
    },
  );
