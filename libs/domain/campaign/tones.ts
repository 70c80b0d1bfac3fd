import { parseDuration } from '#domain/duration.js';
import { alwaysComes, type CampaignDocument, type Step, templatesOf, type Tone, TONES } from './document.js';
import type { CampaignProblem } from './validate.js';

type Goal = CampaignDocument['purpose'];
type Side = 'before' | 'after';

/** The harshest tone that a goal allows before the due date has ended, and after. */
const HARSHEST: Readonly<Record<Goal, Record<Side, Tone>>> = {
  on_time_payment: { before: 'neutral', after: 'firm' },
  keep_relationship: { before: 'friendly', after: 'neutral' },
  change_behaviour: { before: 'neutral', after: 'firm' },
  recover: { before: 'neutral', after: 'firm' },
};

/** Goals for which the first that somebody hears may be firm. */
const MAY_BEGIN_FIRM: readonly Goal[] = ['recover'];

/**
 * Steps that speak more harshly than the goal of the campaign allows, or are firm before anything else was said.
 *
 * @param toneOf of a template, where it is known
 */
export function toneProblems(
  document: CampaignDocument,
  toneOf: (template: string) => Tone | undefined,
): CampaignProblem[] {
  return document.steps.flatMap((step, index) =>
    spokenBy(step, index, toneOf).flatMap((spoken) => problemOf(document, step, index, spoken)),
  );
}

interface Spoken {
  tone: Tone;
  path: string;
  /** Whose tone it is; null: the step's own word. */
  template: string | null;
}

/** What a step says of its tone, or else what its templates do. */
function spokenBy(step: Step, index: number, toneOf: (template: string) => Tone | undefined): Spoken[] {
  if (step.tone) return [{ tone: step.tone, path: `steps[${index}].tone`, template: null }];
  return templatesOf(step).flatMap((template, n) => {
    const tone = toneOf(template);
    const path = step.variants ? `steps[${index}].variants[${n}].template` : `steps[${index}].template`;
    return tone ? [{ tone, path, template }] : [];
  });
}

function problemOf(
  { purpose, steps }: CampaignDocument,
  step: Step,
  index: number,
  { tone, path, template }: Spoken,
): CampaignProblem[] {
  const side = sideOf(step);
  const limit = HARSHEST[purpose][side];
  const what = template === null ? tone : `"${template}" is ${tone}, which`;
  const milder =
    template === null ? 'write a milder one' : 'name a milder template, or say the tone of the step';
  if (TONES.indexOf(tone) > TONES.indexOf(limit)) {
    const when = side === 'before' ? 'before the due date' : 'after the due date';
    const message = `${what} is harsher than the goal ${purpose} allows ${when}, which is ${limit}; ${milder}`;
    return [{ path, message }];
  }
  if (tone !== 'firm' || MAY_BEGIN_FIRM.includes(purpose)) return [];
  if (steps.slice(0, index).some((earlier) => earlier.send && alwaysComes(earlier))) return [];
  return [
    {
      path,
      message: `${what} is the first that somebody would hear; ${milder}, or let another step come first`,
    },
  ];
}

/** Where a step falls that is not counted from the due date is not known: the milder limit is for what surely comes before. */
const sideOf = ({ at }: Step): Side => {
  if (at?.anchor !== 'due_date' && at?.anchor !== 'instalment_date') return 'after';
  const { sign, years, months, weeks, days } = parseDuration(at.offset);
  return sign < 0 || years + months + weeks + days === 0 ? 'before' : 'after';
};
