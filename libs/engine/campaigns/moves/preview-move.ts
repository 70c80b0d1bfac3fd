import type { CampaignDocument } from '#domain/campaign/document.js';
import { validateCampaign } from '#domain/campaign/validate.js';
import { afterNextStep, effectOf, type MoveEffect, type StepChange } from '#domain/planning/moving.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { type LoadedEnrolment, loadEnrolments } from '../../load-enrolment.js';
import type { Scope } from '../../scope.js';
import { loadVersion } from '../load-version.js';
import { findVersion } from '../read-campaigns.js';
import { type EnrolmentChoice, OLDER } from './request-move.js';

/** `never_again`: the version has a step that had reached the customer already. */
export type PreviewedChange = StepChange['change'] | 'never_again';

/** One line of a preview: so many enrolments for which this happens to a step. */
export interface ChangeLine {
  stepKey: string;
  change: PreviewedChange;
  enrolments: number;
  /** External ids of the first of them. */
  invoices: string[];
}

export interface PreviewTarget {
  campaignId: string;
  versionId: string;
  document: CampaignDocument;
}

/** The version that a preview is about; null when there is none. A draft is taken as it stands. */
export async function previewTarget(
  scope: Scope,
  campaignId: string,
  number: number,
): Promise<PreviewTarget | null> {
  const version = await findVersion(scope, campaignId, number);
  if (!version) return null;
  const validation = validateCampaign(version.document);
  return {
    campaignId,
    versionId: version.id,
    document: validation.ok ? validation.document : version.document,
  };
}

/** Adds up what a publication would change, enrolment by enrolment. */
export class MovePreview {
  enrolments = 0;
  changed = 0;
  private readonly lines = new Map<string, ChangeLine>();

  constructor(
    private readonly document: CampaignDocument,
    private readonly samples = 5,
  ) {}

  add(invoice: string, { changes, done }: MoveEffect): void {
    this.enrolments += 1;
    if (changes.length > 0) this.changed += 1;
    const told = new Map(changes.map((each) => [`${each.change}/${each.stepKey}`, each]));
    for (const { stepKey, change } of told.values()) this.count(stepKey, change, invoice);
    for (const stepKey of done) this.count(stepKey, 'never_again', invoice);
  }

  private count(stepKey: string, change: PreviewedChange, invoice: string): void {
    const key = `${change}/${stepKey}`;
    const line = this.lines.get(key) ?? { stepKey, change, enrolments: 0, invoices: [] };
    line.enrolments += 1;
    if (line.invoices.length < this.samples) line.invoices.push(invoice);
    this.lines.set(key, line);
  }

  /** In the order of the ladder; steps that it lacks come last. */
  changes(): ChangeLine[] {
    const places = new Map(this.document.steps.map(({ key }, index) => [key, index]));
    const place = ({ stepKey }: ChangeLine): number => places.get(stepKey) ?? Infinity;
    return [...this.lines.values()].sort(
      (one, other) =>
        (place(one) === place(other) ? 0 : place(one) - place(other)) ||
        one.stepKey.localeCompare(other.stepKey) ||
        one.change.localeCompare(other.change),
    );
  }

  /** `412 enrolments: 380 stay as they are, 32 would skip step "third-notice".` */
  summary(): string {
    const told = this.changes().filter(({ change }) => change !== 'never_again');
    const parts = told.map((line) => `${line.enrolments} would ${WORDS[line.change](line.stepKey)}`);
    const all = this.enrolments === 1 ? '1 enrolment' : `${this.enrolments} enrolments`;
    return `${all}: ${[`${this.enrolments - this.changed} stay as they are`, ...parts].join(', ')}.`;
  }
}

const WORDS: Record<PreviewedChange, (step: string) => string> = {
  added: (step) => `get step "${step}" besides`,
  removed: (step) => `lose step "${step}"`,
  skipped: (step) => `skip step "${step}"`,
  earlier: (step) => `get step "${step}" earlier`,
  later: (step) => `get step "${step}" later`,
  never_again: (step) => `not get step "${step}" again`,
};

/**
 * Adds the next open enrolments of older versions to a preview, by the planner and the facts of now. Nothing is locked.
 *
 * @returns the last of them, or null when there are no more
 */
export async function previewChunk(
  scope: Scope,
  calendar: WorkingCalendar,
  { campaignId, versionId, document }: PreviewTarget,
  { choice, after, limit }: { choice: EnrolmentChoice; after: string | null; limit: number },
  preview: MovePreview,
): Promise<string | null> {
  const rows = await scope.manager.query<{ id: string }[]>(
    `select e.id from enrolment e where e.organisation_id = $1 and e.campaign_id = $2 and e.state = 'open'
       and e.version_id in ${OLDER} and ($4::uuid is null or e.id > $4) order by e.id limit $5`,
    [scope.organisationId, campaignId, versionId, after, limit],
  );
  const ids = rows.map(({ id }) => id);
  for (const loaded of await loadEnrolments(scope.manager, scope.organisationId, ids, scope.now))
    preview.add(loaded.facts.invoice.externalId, await effectFor(scope, calendar, document, choice, loaded));
  return rows.length < limit ? null : (ids.at(-1) ?? null);
}

const NOTHING: MoveEffect = { changes: [], done: [] };

async function effectFor(
  { manager, organisationId, now }: Scope,
  calendar: WorkingCalendar,
  document: CampaignDocument,
  choice: EnrolmentChoice,
  { facts, cursor, versionId }: LoadedEnrolment,
): Promise<MoveEffect> {
  if (choice === 'keep') return NOTHING;
  const old = await loadVersion(manager, organisationId, versionId);
  const from = { facts, document: old.document, cursor, calendar };
  if (choice === 'now') return effectOf(from, document, now);
  const then = afterNextStep(from, now);
  return then ? effectOf({ ...from, cursor: then.cursor }, document, then.at) : NOTHING;
}
