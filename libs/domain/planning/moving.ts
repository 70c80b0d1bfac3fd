import type { CampaignDocument } from '#domain/campaign/document.js';
import type { Instant } from '#domain/instant.js';
import { type Cursor, decidedAt, occurrenceKey, triedOf, type Trying, withDecided } from './cursor.js';
import { type LadderInput, type Occurrence, occurrencesOf } from './occurrences.js';
import { plan, type Skip } from './plan.js';
import { schedule } from './schedule.js';

/** An enrolment's place in another version of its campaign. */
export interface Moved {
  cursor: Cursor;
  /** Decisions that the move itself takes, and that `cursor` has. */
  skips: Skip[];
}

/** What a move changes about one step of one enrolment that has not been decided yet. */
export interface StepChange {
  stepKey: string;
  occurrence: number;
  change: 'added' | 'removed' | 'skipped' | 'earlier' | 'later';
}

export interface MoveEffect {
  changes: StepChange[];
  /** Keys of steps of the other version that have reached somebody already: they never come again. */
  done: string[];
}

/**
 * Carries an enrolment over to another version. Steps are the same when their keys are. What was decided stays decided,
 * a step that is gone is no more, and one that is new counts from the move on: what lay before it is too late.
 *
 * @param from where the enrolment stands
 */
export function move(from: LadderInput, document: CampaignDocument, now: Instant): Moved {
  const skips: Skip[] = gone(from, document);
  const isKnown = knownBy(from);
  let cursor = skips.reduce(
    (each, { stepKey, occurrence }) => withDecided(each, stepKey, occurrence, { at: now, how: 'skipped' }),
    withoutGone(from.cursor, document),
  );
  for (const each of occurrencesOf({ ...from, document, cursor })) {
    const { step, stepIndex, occurrence, nominal } = each;
    const isOpen = !decidedAt(cursor, step.key, occurrence) && triedOf(cursor, step.key, occurrence) === null;
    if (!isOpen || nominal > now || isKnown(each)) continue;
    skips.push({ stepKey: step.key, stepIndex, occurrence, dueAt: nominal, reason: 'too_late' });
    cursor = withDecided(cursor, step.key, occurrence, { at: now, how: 'skipped' });
  }
  return { cursor, skips };
}

/** Steps that were on record as kept back, and that the other version does not have. */
const gone = ({ cursor }: LadderInput, document: CampaignDocument): Skip[] => {
  const keys = keysOf(document);
  return (cursor.deferred ?? [])
    .filter(({ stepKey }) => !keys.has(stepKey))
    .map(({ by: _told, ...ref }) => ({ ...ref, reason: 'removed' as const }));
};

function withoutGone(cursor: Cursor, document: CampaignDocument): Cursor {
  const keys = keysOf(document);
  const stays = ({ stepKey }: Pick<Trying, 'stepKey'>): boolean => keys.has(stepKey);
  const [trying = null, ...parked] = [cursor.trying, ...(cursor.parked ?? [])]
    .filter((each) => each !== null)
    .filter(stays);
  return {
    ...cursor,
    trying,
    ...(cursor.parked ? { parked } : {}),
    ...(cursor.deferred ? { deferred: cursor.deferred.filter(stays) } : {}),
  };
}

const keysOf = ({ steps }: CampaignDocument): Set<string> => new Set(steps.map(({ key }) => key));

/** Whether the version it comes from would have taken a step up, now or when what it follows has come. */
function knownBy(from: LadderInput): (occurrence: Occurrence) => boolean {
  const occurrences = occurrencesOf(from);
  const known = new Set(occurrences.map(({ step, occurrence }) => occurrenceKey(step.key, occurrence)));
  const seen = new Set(occurrences.map(({ step }) => step.key));
  const keys = keysOf(from.document);
  return ({ step: { key, on }, occurrence }) =>
    known.has(occurrenceKey(key, occurrence)) || (on === undefined && keys.has(key) && !seen.has(key));
}

/** What a move would change, from the plans of both versions: what happens then if no fact changes. */
export function effectOf(from: LadderInput, document: CampaignDocument, now: Instant): MoveEffect {
  const moved = move(from, document, now);
  const before = outlookOf(from, now);
  const after = outlookOf({ ...from, document, cursor: moved.cursor }, now);
  for (const { stepKey, occurrence } of moved.skips) after.skipped.add(occurrenceKey(stepKey, occurrence));
  const keys = new Set([...before.open.keys(), ...after.open.keys(), ...after.skipped]);
  const changes = [...keys].flatMap((key) => changeOf(key, before, after));
  const done = document.steps
    .map(({ key }) => key)
    .filter((step) => Object.entries(from.cursor.decided).some((entry) => isDone(entry, step)));
  return { changes, done };
}

const isDone = ([key, { how }]: [string, { how: string }], step: string): boolean =>
  how === 'done' && stepOf(key) === step;

const stepOf = (key: string): string => key.slice(0, key.lastIndexOf('#'));

interface Outlook {
  open: Map<string, Instant>;
  skipped: Set<string>;
}

function outlookOf({ facts, document, cursor, calendar }: LadderInput, now: Instant): Outlook {
  const planned = plan(facts, document, cursor, now, calendar);
  const skipped = new Set(planned.skips.map((each) => occurrenceKey(each.stepKey, each.occurrence)));
  const input = { facts, document, cursor: planned.cursor, calendar };
  const open = planned.next.kind === 'finished' ? [] : schedule(input, now).open;
  return {
    open: new Map(open.map(({ step, occurrence, at }) => [occurrenceKey(step.key, occurrence), at])),
    skipped,
  };
}

function changeOf(key: string, before: Outlook, after: Outlook): StepChange[] {
  const change = kindOf(before.open.get(key), after.open.get(key), key, before, after);
  return change
    ? [{ stepKey: stepOf(key), occurrence: Number(key.slice(stepOf(key).length + 1)), change }]
    : [];
}

function kindOf(
  was: Instant | undefined,
  is: Instant | undefined,
  key: string,
  before: Outlook,
  after: Outlook,
): StepChange['change'] | null {
  if (after.skipped.has(key)) return before.skipped.has(key) ? null : 'skipped';
  if (was === undefined) return is === undefined ? null : 'added';
  if (is === undefined) return 'removed';
  return is === was ? null : is < was ? 'earlier' : 'later';
}

/**
 * Where an enrolment will stand when its next step has been decided, if no fact changes until then; null while nothing is
 * to come by itself.
 */
export function afterNextStep(from: LadderInput, now: Instant): { cursor: Cursor; at: Instant } | null {
  const { facts, document, calendar } = from;
  const planned = plan(facts, document, from.cursor, now, calendar);
  if (planned.next.kind === 'finished') return null;
  const [next] = schedule({ ...from, cursor: planned.cursor }, now).open;
  if (!next || next.at === Infinity) return null;
  const decided = { at: next.at, how: 'done' as const };
  return { cursor: withDecided(planned.cursor, next.step.key, next.occurrence, decided), at: next.at };
}
