import { formatInstant, type Instant } from '#domain/instant.js';
import type { Action, EndReason, Next, PutOff } from '#domain/planning/plan.js';
import type { Medium } from '#domain/medium.js';
import { byMedium, momentWords } from './words.js';

/** What an enrolment does next: for programs, and in a sentence for people. */
export interface NextView {
  kind: 'act' | 'wait' | 'finished';
  /** When it acts; null while only a fact can move it. */
  at: string | null;
  stepKey: string | null;
  medium: Medium | null;
  sentence: string;
}

const END_WORDS: Record<EndReason | 'by_hand', string> = {
  settled: 'the invoice is settled',
  cancelled: 'the invoice was cancelled',
  written_off: 'the invoice was written off',
  exhausted: 'the ladder has ended',
  by_hand: 'somebody ended the enrolment',
};

/** Explains an enrolment that is over. @param reason as it was stored */
export const explainEnd = (reason: string | null): NextView =>
  view('finished', {
    sentence: `Nothing more will be sent: ${END_WORDS[reason as EndReason] ?? (reason ?? 'it ended').replaceAll('_', ' ')}.`,
  });

export interface ExplainContext {
  now: Instant;
  /** The customer's. */
  zone: string;
  /** Kinds of the holds that stand. */
  holds: readonly string[];
  /** What else keeps everything back, in sentences. */
  held: readonly string[];
  hasOpenTask: boolean;
  /** What will come due at the end of a wait, if that is known. */
  upcoming: string | null;
}

/** The same where an answer that somebody asked for is still to be tried again. @param zone the customer's */
export function besidesAnswer(next: NextView, { at, medium }: PutOff, zone: string): NextView {
  const answer = `an answer that was asked for is tried again on ${momentWords(at, zone)}${byMedium(medium)}`;
  const sentence =
    next.kind === 'finished'
      ? `${next.sentence.replace(/\.$/, '')}; but ${answer}.`
      : `${next.sentence} Besides, ${answer}.`;
  return { ...next, sentence };
}

/** Explains a plan. */
export function explainNext(next: Next, context: ExplainContext): NextView {
  switch (next.kind) {
    case 'finished':
      return explainEnd(next.reason);
    case 'act':
      return view('act', {
        at: formatInstant(context.now),
        stepKey: 'stepKey' in next.action ? next.action.stepKey : null,
        medium: 'medium' in next.action ? next.action.medium : null,
        sentence: `${actionWords(next.action)} now.`,
      });
    case 'wait':
      return view('wait', {
        at: next.until === null ? null : formatInstant(next.until),
        stepKey: context.upcoming,
        medium: next.medium,
        sentence: waitSentence(next, context),
      });
  }
}

const view = (kind: NextView['kind'], rest: Partial<NextView> & { sentence: string }): NextView => ({
  kind,
  at: null,
  stepKey: null,
  medium: null,
  ...rest,
});

function actionWords(action: Action): string {
  switch (action.kind) {
    case 'send':
      return `Step "${action.stepKey}" goes out${byMedium(action.medium)}`;
    case 'task':
      return `Step "${action.stepKey}" becomes a task`;
    case 'approval':
      return `Somebody is asked whether step "${action.stepKey}" may go out`;
    case 'follow_up':
      return action.task === 'hand_over' ? 'The invoice is handed over' : 'A person is asked to follow up';
    case 'answer':
      return `An answer that was asked for goes out${byMedium(action.medium)}`;
  }
}

function waitSentence({ until, medium }: Next & { kind: 'wait' }, context: ExplainContext): string {
  const { holds, hasOpenTask, upcoming, zone } = context;
  const onHold = holds.length > 0 ? [`On hold: ${holds.join(', ')}.`] : [];
  const held = [...context.held, ...onHold].map((sentence) => ` ${sentence}`).join('');
  if (until === null) return `Nothing is due; it waits for something to happen.${held}`;
  const when = momentWords(until, zone);
  if (hasOpenTask) return `It waits for the outcome of a task, until ${when} at the latest.${held}`;
  const what = upcoming === null ? 'The next thing is due' : `Step "${upcoming}" is due`;
  return `${what} on ${when}${byMedium(medium)}.${held}`;
}
