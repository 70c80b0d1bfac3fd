import { campaignOf, dueStep, factsOf, local, stepAt, type StepInput } from '#domain/facts.factory.js';
import { holidayCalendar } from '#domain/working-days.js';
import { Walk } from './walk.factory.js';

const EASTER = new Set(['2026-04-03', '2026-04-06']);
const german = holidayCalendar((date, country) => country === 'DE' && EASTER.has(date));

/** What a ladder of these steps does when nobody pays and nothing goes wrong. */
function logOf(steps: StepInput[], overrides: Parameters<typeof factsOf>[0] = {}): string[] {
  return new Walk(factsOf(overrides), campaignOf(steps), undefined, german).until().log;
}

const at = (dueOn: string, issuedOn = '2026-01-02') => ({ invoice: { issuedOn, dueOn } });

describe('local time', () => {
  it('keeps 09:00 in Berlin at 09:00 after the clocks change', () => {
    const walk = new Walk(
      factsOf(at('2026-03-28')),
      campaignOf([
        dueStep('before', 'P0D', { at: { anchor: 'due_date', time: '09:00' } }),
        dueStep('after', 'P2D', { at: { anchor: 'due_date', offset: 'P2D', time: '09:00' } }),
      ]),
    ).until();
    expect(walk.decisions.map((each) => new Date(each.at).toISOString())).toEqual([
      '2026-03-28T08:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ]);
  });

  it('moves a 02:30 that does not exist to the next valid instant', () => {
    const night = stepAt('night', { anchor: 'due_date', time: '02:30' });
    expect(logOf([night], at('2026-03-29'))).toEqual(['2026-03-29 03:00 night email']);
  });

  it('fires once at the first of a 02:30 that happens twice', () => {
    const night = stepAt('night', { anchor: 'due_date', time: '02:30' });
    const walk = new Walk(factsOf(at('2026-10-25')), campaignOf([night])).until();
    expect(walk.decisions.map((each) => new Date(each.at).toISOString())).toEqual([
      '2026-10-25T00:30:00.000Z',
    ]);
  });

  it('knows that Lord Howe moves its clocks by half an hour', () => {
    const lordHowe = { customer: { zone: 'Australia/Lord_Howe' } };
    const early = stepAt('early', { anchor: 'due_date', time: '02:15' });
    const morning = dueStep('morning', 'P1D');
    const log = logOf([early, morning], { ...lordHowe, ...at('2026-10-04') });
    expect(log).toEqual(['2026-10-04 02:30 early email', '2026-10-05 10:00 morning email']);
  });

  it('goes by the customer: one instant is today in Auckland and yesterday in Los Angeles', () => {
    const ladder = [dueStep('due', 'P0D')];
    const sentAt = (zone: string): number | undefined =>
      new Walk(factsOf({ customer: { zone } }), campaignOf(ladder)).until().decisions[0]?.at;
    expect(sentAt('Pacific/Auckland')).toBe(Date.parse('2026-03-30T21:00:00Z'));
    expect(sentAt('America/Los_Angeles')).toBe(Date.parse('2026-03-31T17:00:00Z'));
  });

  it('takes 10:00 for a step on the calendar that names no time', () => {
    expect(logOf([stepAt('due', { anchor: 'due_date' })])).toEqual(['2026-03-31 10:00 due email']);
  });
});

describe('offsets', () => {
  it('ends a month on its last day when it lacks the day', () => {
    const month = (offset: string) => [stepAt('step', { anchor: 'due_date', offset })];
    expect(logOf(month('P1M'), at('2026-01-31'))).toEqual(['2026-02-28 10:00 step email']);
    expect(logOf(month('-P1M'), at('2026-03-31'))).toEqual(['2026-02-28 10:00 step email']);
    expect(logOf(month('P1M'), at('2028-01-31'))).toEqual(['2028-02-29 10:00 step email']);
  });

  it('counts working days past weekends and public holidays of the customer', () => {
    const steps = [stepAt('step', { anchor: 'due_date', offset: 'P3D', businessDays: true })];
    expect(logOf(steps, at('2026-04-02'))).toEqual(['2026-04-09 10:00 step email']);
    expect(logOf(steps, { ...at('2026-04-02'), customer: { country: 'GB' } })).toEqual([
      '2026-04-07 10:00 step email',
    ]);
    const before = [stepAt('step', { anchor: 'due_date', offset: '-P2D', businessDays: true })];
    expect(logOf(before, at('2026-04-07'))).toEqual(['2026-04-01 10:00 step email']);
  });

  it('rolls a day off to the next or the previous working day', () => {
    const rolled = (roll: 'next' | 'previous') => [
      stepAt('step', { anchor: 'due_date', offset: 'P1D', roll }),
    ];
    expect(logOf(rolled('next'), at('2026-04-02'))).toEqual(['2026-04-07 10:00 step email']);
    expect(logOf(rolled('previous'), at('2026-04-02'))).toEqual(['2026-04-02 10:00 step email']);
    expect(logOf(rolled('next'), at('2026-04-07'))).toEqual(['2026-04-08 10:00 step email']);
  });

  it('counts an offset on the clock from the start of the anchor day', () => {
    const ladder = ['PT5S', 'PT10S', 'PT15S'].map((offset, i) =>
      stepAt(`s${i}`, { anchor: 'issue_date', offset }),
    );
    const walk = new Walk(factsOf(), campaignOf(ladder)).until();
    const start = local('2026-03-01');
    expect(walk.decisions.map((each) => each.at - start)).toEqual([5_000, 10_000, 15_000]);
  });

  it('steps on the day of the enrolment go out that day', () => {
    expect(logOf([stepAt('hello', { anchor: 'issue_date' })])).toEqual(['2026-03-01 10:00 hello email']);
  });

  it('sends at once a step of the enrolment day whose hour is just past, and on the next day one long past', () => {
    const due = [dueStep('due', 'P1D')];
    const enrolled = (time: string) => logOf(due, { enrolledAt: local(`2026-04-01 ${time}`) });
    expect(enrolled('09:00')).toEqual(['2026-04-01 10:00 due email']);
    expect(enrolled('13:30')).toEqual(['2026-04-01 13:30 due email']);
    expect(enrolled('23:00')).toEqual(['2026-04-02 10:00 due email']);
  });
});

describe('repeat', () => {
  const daily = { every: 'P1D', max: 3 };

  it('comes `max` times, the first included', () => {
    const steps = [dueStep('nag', 'P1D', { repeat: { every: 'P7D', max: 3 } })];
    expect(logOf(steps)).toEqual([
      '2026-04-01 10:00 nag email',
      '2026-04-08 10:00 nag email',
      '2026-04-15 10:00 nag email',
    ]);
  });

  it('comes until so long after the first time, that moment included', () => {
    const until = (text: string) =>
      logOf([dueStep('nag', 'P1D', { repeat: { every: 'P7D', until: text } })]).length;
    expect(until('P14D')).toBe(3);
    expect(until('P13D')).toBe(2);
  });

  it('counts each time from the first: a short month does not shorten the months after it', () => {
    const steps = [dueStep('nag', 'P0D', { repeat: { every: 'P1M', max: 4 } })];
    expect(logOf(steps, at('2026-01-31')).map((line) => line.slice(0, 10))).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ]);
  });

  it('counts each time from the first: a clock change does not move the days after it', () => {
    const night = stepAt('nag', { anchor: 'due_date', time: '02:30' }, { repeat: daily });
    expect(logOf([night], at('2026-03-28'))).toEqual([
      '2026-03-28 02:30 nag email',
      '2026-03-29 03:00 nag email',
      '2026-03-30 02:30 nag email',
    ]);
  });

  it('rolls each time to a working day, and takes days that roll to one day for one occasion', () => {
    const steps = [stepAt('nag', { anchor: 'due_date', roll: 'next' }, { repeat: { every: 'P1D', max: 6 } })];
    expect(logOf(steps, at('2026-04-02'))).toEqual([
      '2026-04-02 10:00 nag email',
      '2026-04-07 10:00 nag email',
    ]);
  });

  it('lands on working days when the offset counts them', () => {
    const timing = { anchor: 'due_date', offset: 'P1D', businessDays: true } as const;
    const steps = [stepAt('nag', timing, { repeat: { every: 'P3D', max: 3 } })];
    expect(logOf(steps, at('2026-01-07'))).toEqual([
      '2026-01-08 10:00 nag email',
      '2026-01-12 10:00 nag email',
      '2026-01-14 10:00 nag email',
    ]);
  });

  it('repeats by the clock where it counts hours', () => {
    const steps = [dueStep('nag', 'P1D', { repeat: { every: 'PT6H', max: 3 } })];
    expect(logOf(steps).map((line) => line.slice(0, 16))).toEqual([
      '2026-04-01 10:00',
      '2026-04-01 16:00',
      '2026-04-01 22:00',
    ]);
  });
});
