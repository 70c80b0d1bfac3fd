import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { withScope } from '#engine/scope.js';
import type { Scope } from '#engine/scope.js';
import { UnreadableFileError, engineSink, importCsv, parseMapping } from '#importing/index.js';
import type { ImportReport, Mapping, Unreadable } from '#importing/index.js';
import type { ApiRequest } from '../common/api-request.js';
import { actorOf, keyCallerOf } from '../common/caller.js';
import { Database } from '../common/database.js';
import { idempotentRequestOf, once, storedAnswer } from '../common/idempotency.js';
import type { IdempotentAnswer, IdempotentRequest } from '../common/idempotency.js';
import { Problem } from '../common/problem.js';
import type { ImportKindName, ImportQuery } from './imports.schemas.js';
import { TappedBody } from './tapped-body.js';

/**
 * Imports a CSV body as it arrives. It commits as it goes, so an Idempotency-Key cannot be written with its effect;
 * nor need it, for importing again changes nothing. The report is stored at the end, to be given again.
 */
@Injectable()
export class Importer {
  constructor(private readonly database: Database) {}

  async run(
    kind: ImportKindName,
    { dryRun = false, mapping }: ImportQuery,
    request: ApiRequest,
    response: Response,
  ): Promise<IdempotentAnswer<ImportReport>> {
    const columns = mapping === undefined ? undefined : readMapping(mapping, kind);
    const body = new TappedBody(request, JSON.stringify(request.query));
    const idempotent = idempotentRequestOf(request, response);
    const scoped = this.scopedTo(request);
    const known = idempotent && (await this.replay(scoped, idempotent, body));
    if (known) return { answer: known.answer, replayed: true };
    const { organisationId, ...caller } = keyCallerOf(request);
    const sink = engineSink(this.database.app, organisationId, actorOf({ organisationId, ...caller }));
    const report = await importCsv(kind, body.chunks(), { dryRun, mapping: columns }, sink);
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
  private async replay(
    scoped: Scoped,
    idempotent: IdempotentRequest,
    body: TappedBody,
  ): Promise<{ answer: ImportReport } | undefined> {
    if (!(await scoped((scope) => isKnown(scope, idempotent)))) return undefined;
    const bodyHash = await body.digest();
    return scoped((scope) => storedAnswer<ImportReport>(scope, { ...idempotent, bodyHash }));
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

const readMapping = (text: string, kind: ImportKindName): Mapping | undefined => {
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
const refuseUnusable = ({ unreadable, rows }: ImportReport): void => {
  if (unreadable && rows === 0) throw unreadableProblem(unreadable);
};
