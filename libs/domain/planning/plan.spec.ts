import {
  campaignOf,
  dueStep,
  factsOf,
  holdOf,
  invoiceFactsOf,
  local,
  paid,
  partFactsOf,
  type StepInput,
} from '#domain/facts.factory.js';
import type { CampaignInput } from '#domain/campaign/document.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import { Walk } from './walk.factory.js';

const steps: StepInput[] = [dueStep('soon', '-P3D'), dueStep('overdue', 'P1D'), dueStep('final', 'P14D')];
const ladder = campaignOf(steps);
const invoice = invoiceFactsOf();

const walkOf = (
  given: StepInput[],
  facts: EnrolmentFacts = factsOf(),
  more: Partial<CampaignInput> = {},
): Walk => new Walk(facts, campaignOf(given, more));

describe('the end of an outreach', () => {
  it.each(['settled', 'cancelled', 'written_off'] as const)(
    'comes at once when the invoice is %s',
    (status) => {
      const walk = new Walk(factsOf(), ladder).until('2026-04-01 09:59');
      walk.change({ invoice: status === 'settled' ? paid(invoice) : { ...invoice, status } });
      expect([walk.ended, walk.log]).toEqual([status, ['2026-03-28 10:00 soon email']]);
    },
  );

  it('does not come with a part of the money', () => {
    const parts = [partFactsOf({ paid: 9_999 })];
    const walk = new Walk(factsOf(), ladder).until('2026-03-30').change({ invoice: { ...invoice, parts } });
    expect(walk.until('2026-04-02').log[1]).toBe('2026-04-01 10:00 overdue email');
  });

  it('suppresses as `balance` what had come due and waited, and counts nothing that comes due at that instant', () => {
    const walk = new Walk(factsOf({ holds: [holdOf()] }), ladder).until('2026-04-02');
    expect(walk.change({ invoice: paid(invoice) }).log).toEqual([
      '2026-04-01 00:00 soon too_late',
      '2026-04-02 00:00 overdue balance',
    ]);
    const justThen = new Walk(factsOf({ holds: [holdOf()] }), ladder).until('2026-04-01 09:59');
    justThen.down('2026-04-01 10:00').change({ invoice: paid(invoice) });
    expect(justThen.log).toEqual(['2026-04-01 00:00 soon too_late']);
  });

  it('is undone by a reversal: the ladder goes on where it was, and repeats nothing', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-04-05').change({ invoice: paid(invoice) });
    expect([walk.until('2026-04-10').ended, walk.log.length]).toEqual(['settled', 2]);
    expect(walk.change({ invoice }).until().log).toEqual([
      '2026-03-28 10:00 soon email',
      '2026-04-01 10:00 overdue email',
      '2026-04-14 10:00 final email',
    ]);
  });

  it('undone long after, goes on with one step and keeps the distances', () => {
    const seven = campaignOf([...steps.slice(0, 2), dueStep('second', 'P7D'), dueStep('final', 'P14D')]);
    const walk = new Walk(factsOf(), seven).until('2026-04-05').change({ invoice: paid(invoice) });
    expect(walk.until('2026-06-01 11:00').change({ invoice }).until().log.slice(2)).toEqual([
      '2026-06-01 11:00 second email',
      '2026-06-08 10:00 final email',
    ]);
  });
});

describe('a moved due date', () => {
  it('moves the steps that are not decided, and repeats none that are', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-04-02');
    walk.change({ invoice: invoiceFactsOf({ dueOn: '2026-05-31' }) });
    expect(walk.until().log).toEqual([
      '2026-03-28 10:00 soon email',
      '2026-04-01 10:00 overdue email',
      '2026-06-14 10:00 final email',
    ]);
  });

  it('to an earlier day makes what is overdue by it come one by one', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-03-20 11:00');
    walk.change({ invoice: invoiceFactsOf({ dueOn: '2026-03-05' }) });
    expect(walk.until().log).toEqual([
      '2026-03-20 11:00 soon too_late',
      '2026-03-20 11:00 overdue email',
      '2026-04-02 10:00 final email',
    ]);
  });
});

describe('a call', () => {
  const call: StepInput = {
    key: 'call',
    at: { anchor: 'due_date', offset: 'P1D' },
    task: 'call',
    waitFor: 'P3D',
  };
  const withCall = [call, dueStep('after', 'P2D')];

  it('keeps the ladder waiting until its time is over, and the step after it goes out then', () => {
    const walk = walkOf(withCall).until();
    expect(walk.log).toEqual(['2026-04-01 10:00 call call', '2026-04-04 10:00 after email']);
    expect(walk.facts.openTasks).toEqual([]);
  });

  it('lets the ladder go on when its outcome comes', () => {
    const walk = walkOf(withCall).until('2026-04-03 11:00');
    walk.closeTasks(['call#0']);
    expect(walk.until().log[1]).toBe('2026-04-03 11:00 after email');
  });
});

describe('an exhausted ladder', () => {
  const single = [dueStep('only', 'P1D')];

  it('becomes a follow-up task seven days after the last step, once, and ends the enrolment', () => {
    const walk = walkOf(single, factsOf(), { whenExhausted: 'task' }).until();
    expect(walk.log).toEqual(['2026-04-01 10:00 only email', '2026-04-08 10:00 follow_up']);
    expect(walk.ended).toBe('exhausted');
    expect(walk.change({ invoice: invoiceFactsOf({ dueOn: '2026-06-01' }) }).until().log).toHaveLength(2);
  });

  it('is handed over, or simply ends, where the campaign says so', () => {
    const handedOver = walkOf(single, factsOf(), { whenExhausted: 'hand_over' }).until();
    expect(handedOver.log[1]).toBe('2026-04-08 10:00 hand_over');
    const nothing = walkOf(single).until();
    expect([nothing.log.length, nothing.ended, nothing.now]).toEqual([
      1,
      'exhausted',
      local('2026-04-01 10:00'),
    ]);
  });

  it('goes to nobody while the invoice is on hold', () => {
    const walk = walkOf(single, factsOf(), { whenExhausted: 'hand_over' }).until('2026-04-02');
    walk.change({ holds: [holdOf({ kind: 'promise', until: local('2026-04-20') })] });
    expect(walk.until('2026-04-19').log).toHaveLength(1);
    walk.change({ holds: [holdOf()] }).until('2026-05-01');
    expect([walk.log.length, walk.waitsUntil]).toEqual([1, null]);
    expect(walk.change({ holds: [] }).log[1]).toBe('2026-05-01 00:00 hand_over');
  });

  it('never comes for an invoice that is paid in time', () => {
    const walk = walkOf(single, factsOf(), { whenExhausted: 'task' }).until('2026-04-05');
    expect(walk.change({ invoice: paid(invoice) }).until().log).toEqual(['2026-04-01 10:00 only email']);
  });
});

describe('an answer that somebody asked for', () => {
  const asked = { requestedAnswers: [{ id: 'copy', medium: 'sms', notBefore: null } as const] };

  it('goes out at once, even on hold', () => {
    const walk = new Walk(factsOf({ holds: [holdOf()] }), ladder).until('2026-03-05 12:00').change(asked);
    expect(walk.log).toEqual(['2026-03-05 12:00 answer copy sms']);
  });

  it('goes out after the end of the outreach too, and changes nothing else', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-04-05').change({ invoice: paid(invoice) });
    expect(walk.down('2026-04-06 09:00').change(asked).log.slice(2)).toEqual([
      '2026-04-06 09:00 answer copy sms',
    ]);
    expect(walk.ended).toBe('settled');
  });

  const putOff = (until: string) => ({
    requestedAnswers: [{ id: 'copy', medium: 'sms', notBefore: local(until) } as const],
  });

  it('that a provider could not take is tried again, and the ladder waits for nothing meanwhile', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-03-28 09:00').change(putOff('2026-03-28 12:00'));
    expect(walk.waitsUntil).toBe(local('2026-03-28 10:00'));
    expect(walk.until('2026-03-28 13:00').log.map((line) => line.slice(11, 23))).toEqual([
      expect.stringMatching(/^10:00/) as unknown,
      '12:00 answer',
    ]);
  });

  it('is tried again after the end of the outreach, which nothing holds up', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-03-05 12:00');
    walk.change({ invoice: paid(invoice), ...putOff('2026-03-05 12:05') });
    expect([walk.ended, walk.waitsUntil]).toEqual(['settled', local('2026-03-05 12:05')]);
    expect(walk.until('2026-03-05 13:00').log).toEqual(['2026-03-05 12:05 answer copy sms']);
  });

  it('gives way to one that can go out', () => {
    const { requestedAnswers: late } = putOff('2026-03-06 12:00');
    const requestedAnswers = [...late, { id: 'other', medium: 'email', notBefore: null } as const];
    const walk = new Walk(factsOf(), ladder).until('2026-03-05 12:00').change({ requestedAnswers });
    expect(walk.log).toEqual(['2026-03-05 12:00 answer other email']);
  });
});

describe('a payment under way', () => {
  const ladder = campaignOf([dueStep('s', 'P1D'), dueStep('t', 'P8D')], { whenExhausted: 'task' });
  const withPending = (pending: number) => ({
    invoice: invoiceFactsOf({ parts: [partFactsOf({ pending })] }),
  });

  it('silences the ladder while it covers all that is owed, and ends nothing', () => {
    const walk = new Walk(factsOf(withPending(10_000)), ladder).until('2026-06-01');
    expect(walk.log).toEqual([]);
    expect([walk.ended, walk.waitsUntil]).toEqual([null, null]);
  });

  it('lets the ladder go on, spaced, when it fails', () => {
    const walk = new Walk(factsOf(withPending(10_000)), ladder).until('2026-04-10 11:00');
    walk.change(withPending(0)).until('2026-04-30');
    expect(walk.log).toEqual([
      '2026-04-10 11:00 s email',
      '2026-04-17 10:00 t email',
      '2026-04-24 10:00 follow_up',
    ]);
  });

  it('does not silence it for a cent less', () => {
    expect(new Walk(factsOf(withPending(9_999)), ladder).until('2026-04-02').log).toHaveLength(1);
  });

  it('makes no task of an exhausted ladder', () => {
    const walk = new Walk(factsOf(), ladder).until('2026-04-09').change(withPending(10_000));
    expect(walk.until('2026-06-01').log).toHaveLength(2);
    expect(walk.change(withPending(0)).until().log).toHaveLength(3);
  });
});
