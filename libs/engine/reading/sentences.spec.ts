import type { Next } from '#domain/planning/plan.js';
import { explainEnd, explainNext, type ExplainContext } from './explain.js';
import { attemptSentence, type AttemptFacts, contactSentence, taskSentence } from './sentences.js';

const attempt = (overrides: Partial<AttemptFacts>): string =>
  attemptSentence({
    stepKey: 'overdue',
    decision: 'sent',
    medium: 'email',
    variantKey: 'only',
    reasons: [],
    contact: null,
    ...overrides,
  });

describe('a decision in a sentence', () => {
  it.each<[Partial<AttemptFacts>, string]>([
    [{}, 'Step "overdue" went out by e-mail.'],
    [
      { contact: { state: 'accepted', outcomeCode: null } },
      'Step "overdue" went out by e-mail: the provider accepted it.',
    ],
    [
      { variantKey: 'b', medium: 'sms', contact: { state: 'rejected', outcomeCode: '21610' } },
      'Step "overdue" went out by SMS in variant "b": the provider refused it for good (21610).',
    ],
    [{ decision: 'task', medium: 'call' }, 'Step "overdue" became a task: somebody is to call.'],
    [{ decision: 'merged' }, 'Step "overdue" went out within a statement of several invoices.'],
    [
      { decision: 'deferred', reasons: [{ rule: 'hold', text: 'On hold: dispute.' }] },
      'Step "overdue" is held back by e-mail. On hold: dispute.',
    ],
    [
      { decision: 'suppressed', reasons: [{ rule: 'too_late' }] },
      'Step "overdue" was not sent. Its moment had passed.',
    ],
    [
      { decision: 'suppressed', reasons: [{ rule: 'some_new_rule' }] },
      'Step "overdue" was not sent. Rule: some_new_rule.',
    ],
  ])('%j', (overrides, sentence) => expect(attempt(overrides)).toBe(sentence));
});

describe('a message and a task in a sentence', () => {
  it('never says that an unknown message will be sent again', () => {
    const contact = {
      kind: 'reminder',
      medium: 'sms',
      state: 'unknown',
      outcomeCode: 'timeout',
      provider: 'twilio',
    } as const;
    expect(contactSentence(contact)).toBe(
      'A reminder by SMS through twilio: no clear answer came (timeout); it may have gone out, so it is not sent again.',
    );
  });

  it('says what came of a task', () => {
    const task = { kind: 'call', state: 'done', stepKey: 'call', outcome: 'no_answer' } as const;
    expect(taskSentence(task)).toBe('A call for step "call" was done: no answer.');
    expect(taskSentence({ ...task, state: 'expired', outcome: null })).toContain('the ladder went on');
    expect(taskSentence({ ...task, kind: 'follow_up', stepKey: null, state: 'open' })).toContain(
      'the ladder being exhausted',
    );
  });
});

describe('a plan in a sentence', () => {
  const NOW = Date.parse('2013-01-20T09:00:00Z');
  const context: ExplainContext = {
    now: NOW,
    zone: 'Europe/Madrid',
    holds: [],
    hasOpenTask: false,
    upcoming: 'overdue',
  };
  const say = (next: Next, overrides: Partial<ExplainContext> = {}) =>
    explainNext(next, { ...context, ...overrides });
  const until = Date.parse('2013-01-30T09:00:00Z');

  it('names the step, its moment where the customer is, and the channel', () => {
    expect(say({ kind: 'wait', until, medium: 'sms' })).toEqual({
      kind: 'wait',
      at: '2013-01-30T09:00:00Z',
      stepKey: 'overdue',
      medium: 'sms',
      sentence: 'Step "overdue" is due on 2013-01-30 at 10:00 (Europe/Madrid) by SMS.',
    });
  });

  it('names what it waits for', () => {
    expect(say({ kind: 'wait', until: null, medium: null }, { holds: ['dispute'] }).sentence).toBe(
      'Nothing is due; it waits for something to happen. On hold: dispute.',
    );
    expect(say({ kind: 'wait', until, medium: null }, { hasOpenTask: true }).sentence).toContain(
      'outcome of a task, until 2013-01-30',
    );
    expect(say({ kind: 'wait', until, medium: null }, { upcoming: null }).sentence).toContain(
      'The next thing is due on',
    );
  });

  it('says what happens now and why nothing does any more', () => {
    expect(say({ kind: 'act', action: { kind: 'follow_up', task: 'hand_over' } }).sentence).toBe(
      'The invoice is handed over now.',
    );
    expect(say({ kind: 'act', action: { kind: 'answer', requestId: 'r', medium: 'email' } })).toMatchObject({
      medium: 'email',
    });
    expect(say({ kind: 'finished', reason: 'settled' }).sentence).toBe(
      'Nothing more will be sent: the invoice is settled.',
    );
    expect(explainEnd('moved_elsewhere').sentence).toBe('Nothing more will be sent: moved elsewhere.');
  });
});
