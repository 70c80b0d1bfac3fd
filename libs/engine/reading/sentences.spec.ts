import type { Next } from '#domain/planning/plan.js';
import { ATTEMPT_STATES } from './attempt-state.js';
import { besidesAnswer, explainEnd, explainNext, type ExplainContext } from './explain.js';
import { attemptSentence, type AttemptFacts, contactSentence, taskSentence } from './sentences.js';

const attempt = (overrides: Partial<AttemptFacts>): string =>
  attemptSentence({
    stepKey: 'overdue',
    state: 'sent',
    medium: 'email',
    variantKey: 'only',
    reasons: [],
    contact: { state: 'accepted', outcomeCode: null },
    retry: null,
    ...overrides,
  });

describe('a step in a sentence', () => {
  it('is never said to have gone out when its provider did not accept it', () => {
    for (const state of ATTEMPT_STATES.filter((each) => each !== 'sent'))
      expect(attempt({ state, contact: null })).not.toMatch(/^Step "overdue" (went out|was sent)/);
  });

  it.each<[Partial<AttemptFacts>, string]>([
    [{}, 'Step "overdue" went out by e-mail: the provider accepted it.'],
    [
      { variantKey: 'b', medium: 'sms' },
      'Step "overdue" went out by SMS in variant "b": the provider accepted it.',
    ],
    [
      { state: 'sending', contact: { state: 'attempting', outcomeCode: null } },
      'Step "overdue" is being sent by e-mail: the provider is being called.',
    ],
    [
      { state: 'not_delivered', contact: { state: 'not_reached', outcomeCode: 'ECONNREFUSED' } },
      'Step "overdue" was not delivered to the provider by e-mail: it could not be reached (ECONNREFUSED).',
    ],
    [
      {
        state: 'not_delivered',
        contact: { state: 'throttled', outcomeCode: 'http_429' },
        retry: { at: Date.parse('2013-01-26T09:01:00Z'), zone: 'Europe/Madrid' },
      },
      'Step "overdue" was not delivered to the provider by e-mail: it asked to wait (http_429). ' +
        'It is tried again on 2013-01-26 at 10:01 (Europe/Madrid).',
    ],
    [
      { state: 'rejected', medium: 'sms', contact: { state: 'rejected', outcomeCode: '21610' } },
      'Step "overdue" was rejected by SMS: the provider refused it for good (21610).',
    ],
    [
      { state: 'unknown', contact: { state: 'unknown', outcomeCode: 'timeout' } },
      'Whether step "overdue" went out by e-mail is unknown: no clear answer came (timeout). It is not sent again.',
    ],
    [
      { state: 'unknown', contact: null },
      'Whether step "overdue" went out by e-mail is unknown: no clear answer came. It is not sent again.',
    ],
    [{ state: 'task', medium: 'call' }, 'Step "overdue" became a task: somebody is to call.'],
    [
      { reasons: [{ rule: 'no_parent', text: 'There is no parent company.' }] },
      'Step "overdue" went out by e-mail: the provider accepted it. There is no parent company.',
    ],
    [{ state: 'merged' }, 'Step "overdue" is part of a statement of several invoices.'],
    [
      { state: 'deferred', reasons: [{ rule: 'hold', text: 'On hold: dispute.' }] },
      'Step "overdue" is not sent yet. On hold: dispute.',
    ],
    [
      { state: 'suppressed', reasons: [{ rule: 'too_late' }] },
      'Step "overdue" was not sent. Its moment had passed.',
    ],
    [
      { state: 'suppressed', reasons: [{ rule: 'some_new_rule' }] },
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

  it.each<[Partial<Parameters<typeof contactSentence>[0]>, string]>([
    [{ delivery: 'bounced' }, 'the provider accepted it. It came back.'],
    [{ resolution: 'look_up' }, 'the provider accepted it, as it said when asked.'],
    [
      { state: 'not_reached', outcomeCode: 'timeout', resolution: 'released' },
      'no clear answer came (timeout); nothing was found of it, and it may be sent once more.',
    ],
  ])('says of a message what was found out later: %j', (overrides, words) => {
    const contact = {
      kind: 'reminder',
      medium: 'sms',
      state: 'accepted',
      outcomeCode: null,
      provider: 'twilio',
    } as const;
    expect(contactSentence({ ...contact, ...overrides })).toBe(`A reminder by SMS through twilio: ${words}`);
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
    held: [],
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
    const answer = { at: until, medium: 'email' } as const;
    expect(besidesAnswer(explainEnd('settled'), answer, 'Europe/Madrid').sentence).toBe(
      'Nothing more will be sent: the invoice is settled; but an answer that was asked for is tried again on 2013-01-30 at 10:00 (Europe/Madrid) by e-mail.',
    );
    expect(explainEnd('moved_elsewhere').sentence).toBe('Nothing more will be sent: moved elsewhere.');
  });
});
