import type { z } from 'zod';
import { hasCalendarPart, hasClockPart, parseDuration, isClockDuration } from '#domain/duration.js';
import {
  alwaysComes,
  type CampaignDocument,
  campaignDocumentSchema,
  type Step,
  type StepTiming,
} from './document.js';
import { toneProblems } from './tones.js';

/** What is wrong with a campaign document, at `path` as `steps[2].at.offset`, and how to mend it. */
export interface CampaignProblem {
  path: string;
  message: string;
}

export type CampaignValidation =
  { ok: true; document: CampaignDocument } | { ok: false; problems: CampaignProblem[] };

/** Checks shape and meaning of a campaign document. Templates are checked at publishing, where they are known. */
export function validateCampaign(input: unknown): CampaignValidation {
  const parsed = campaignDocumentSchema.safeParse(input);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap(describeIssue) };
  const problems = [
    ...parsed.data.steps.flatMap((step, index) => stepProblems(step, index, parsed.data.steps)),
    ...promiseProblems(parsed.data),
    ...toneProblems(parsed.data, () => undefined),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, document: parsed.data };
}

/** `steps[2].at.offset` for `['steps', 2, 'at', 'offset']`. */
export const formatPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part),
    '',
  );

function describeIssue(issue: z.core.$ZodIssue): CampaignProblem[] {
  const path = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path ? `${path}.${key}` : key,
      message: `unknown property; remove it or mend its spelling`,
    }));
  }
  return [{ path, message: issue.message }];
}

function promiseProblems({ onPromiseBroken: named, steps }: CampaignDocument): CampaignProblem[] {
  if (named === 'same_step' || named === 'next_step') return [];
  if (steps.some((step) => step.key === named && alwaysComes(step))) return [];
  const message = `"${named}" is no step that always comes; write same_step, next_step or the key of one`;
  return [{ path: 'onPromiseBroken', message }];
}

function stepProblems(step: Step, index: number, steps: readonly Step[]): CampaignProblem[] {
  const at = (field: string, message: string): CampaignProblem => ({
    path: `steps[${index}]${field}`,
    message,
  });
  const problems: CampaignProblem[] = [];
  if (steps.findIndex((other) => other.key === step.key) < index) {
    problems.push(at('.key', `"${step.key}" is used by an earlier step; every key is used once`));
  }
  if (Boolean(step.at) === Boolean(step.on)) {
    problems.push(at('', 'give either `at` (a moment) or `on` (an event), and not both'));
  }
  if (Boolean(step.send) === Boolean(step.task)) {
    problems.push(at('', 'give either `send` (channels) or `task: call`, and not both'));
  }
  return [...problems, ...contentProblems(step, at), ...timingProblems(step, index, steps, at)];
}

type At = (field: string, message: string) => CampaignProblem;

function contentProblems(step: Step, at: At): CampaignProblem[] {
  const problems: CampaignProblem[] = [];
  if (step.send && Boolean(step.template) === Boolean(step.variants)) {
    problems.push(at('', 'a step that sends needs either `template` or `variants`, and not both'));
  }
  if (step.task && (step.template || step.variants)) {
    problems.push(at('.template', 'a task sends nothing, so it takes no template'));
  }
  if (step.waitFor && !step.task && !step.send?.includes('call') && !step.send?.includes('preferred')) {
    problems.push(at('.waitFor', 'only a step that can become a call task waits for an outcome'));
  }
  if (step.unlessDelivered && (step.send?.length ?? 0) < 2)
    problems.push(at('.unlessDelivered', 'needs a next channel to go on to; name two or more in `send`'));
  return [...problems, ...variantProblems(step, at)];
}

function variantProblems(step: Step, at: At): CampaignProblem[] {
  const variants = step.variants ?? [];
  const problems = variants.flatMap((variant, i) =>
    variants.findIndex((other) => other.key === variant.key) < i
      ? [at(`.variants[${i}].key`, `"${variant.key}" is used by an earlier variant`)]
      : [],
  );
  if (step.variants && variants.every((variant) => variant.weight === 0)) {
    problems.push(at('.variants', 'every weight is zero, so no variant could ever be chosen'));
  }
  return problems;
}

function timingProblems(step: Step, index: number, steps: readonly Step[], at: At): CampaignProblem[] {
  if (!step.at)
    return step.repeat ? [at('.repeat', 'a step on an event happens once an event; remove `repeat`')] : [];
  const problems: CampaignProblem[] = [];
  const offset = parseDuration(step.at.offset);
  if (step.at.anchor === 'previous_step') {
    const nothingBefore = previousProblem(index, steps);
    if (nothingBefore) problems.push(at('.at.anchor', nothingBefore));
    if (offset.sign < 0) problems.push(at('.at.offset', 'a step cannot come before its previous step'));
  }
  if (step.at.businessDays && (offset.years || offset.months || isClockDuration(offset))) {
    problems.push(at('.at.offset', 'with businessDays the offset counts days or weeks only, like -P3D'));
  }
  if (isClockDuration(offset) && step.at.time) {
    problems.push(at('.at.time', 'an offset on the clock fixes the moment; remove `time`, or count in days'));
  }
  if (isClockDuration(offset) && step.at.roll) {
    problems.push(at('.at.roll', 'an offset on the clock fixes the moment; remove `roll`, or count in days'));
  }
  if (hasCalendarPart(offset) && hasClockPart(offset) && !isCountedOn(step.at)) {
    problems.push(
      at('.at.offset', 'counts days and hours at once; count in days, and give the hour as `time`'),
    );
  }
  return [...problems, ...repeatProblems(step, at)];
}

function previousProblem(index: number, steps: readonly Step[]): string | null {
  if (index === 0) return 'the first step has no previous step; anchor it to due_date or issue_date';
  if (steps.slice(0, index).some(alwaysComes)) return null;
  return 'every earlier step waits for something that may never come; anchor it to due_date or issue_date';
}

/** From the instant the previous step was decided, days and hours add up; from a date, `time` names the hour. */
const isCountedOn = ({ anchor, time, businessDays, roll }: StepTiming): boolean =>
  anchor === 'previous_step' && !time && !businessDays && !roll;

function repeatProblems(step: Step, at: At): CampaignProblem[] {
  if (!step.repeat) return [];
  if (!step.repeat.until && !step.repeat.max) {
    return [at('.repeat', 'say when it ends: `max` (how often) or `until` (how long)')];
  }
  if (step.at?.anchor === 'promise_date' || step.at?.anchor === 'instalment_date') {
    return [
      at('.repeat', `a step anchored to ${step.at.anchor} comes once for each such date; remove \`repeat\``),
    ];
  }
  return [];
}
