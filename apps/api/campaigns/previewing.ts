import { Inject, Injectable } from '@nestjs/common';
import type { WorkingCalendar } from '#domain/working-days.js';
import { MovePreview, previewChunk, previewTarget } from '#engine/campaigns/moves/index.js';
import { type Scope, withScope } from '#engine/scope.js';
import { actorOf, type KeyCaller } from '../common/caller.js';
import { Database } from '../common/database.js';
import { idOf } from '../common/reference.js';
import { CALENDAR } from '../common/calendar.js';
import { unknownVersion } from './campaigns.queries.js';
import type { PreviewQuery, PreviewResource } from './moves.schemas.js';

/** Enrolments of one transaction, which locks nothing. */
const CHUNK = 200;
/** Of real time; well under the patience of proxies. */
const BUDGET_MS = 20_000;

/** Plans every enrolment of a campaign in two versions, a short transaction a chunk. */
@Injectable()
export class Previewing {
  constructor(
    private readonly database: Database,
    @Inject(CALENDAR) private readonly calendar: WorkingCalendar,
  ) {}

  async preview(
    caller: KeyCaller,
    reference: string,
    number: number,
    { enrolments: choice }: PreviewQuery,
  ): Promise<PreviewResource> {
    const inScope = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
      withScope(this.database.app, caller.organisationId, actorOf(caller), work);
    const target = await inScope(async (scope) =>
      previewTarget(scope, await idOf(scope, 'campaign', reference), number),
    );
    if (!target) throw unknownVersion(reference, number);
    const preview = new MovePreview(target.document);
    const endAt = Date.now() + BUDGET_MS;
    const next = (after: string | null): Promise<string | null> =>
      inScope((scope) =>
        previewChunk(scope, this.calendar, target, { choice, after, limit: CHUNK }, preview),
      );
    let after = await next(null);
    while (after !== null && Date.now() < endAt) after = await next(after);
    const { enrolments, changed } = preview;
    const stay = enrolments - changed;
    const changes = preview.changes();
    return { enrolments, stay, changed, changes, summary: preview.summary(), complete: after === null };
  }
}
