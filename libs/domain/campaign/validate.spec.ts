import fc from 'fast-check';
import { campaignOf, dueStep, stepAt, stepOn } from '#domain/facts.factory.js';
import { ANCHORS, campaignDocumentSchema, SEND_TARGETS, TRIGGERS } from './document.js';
import { formatPath, validateCampaign } from './validate.js';

const head = { kindly: 1, name: 'Test' };
const first = dueStep('first', 'P1D');

/** `path: message` of every problem. */
function problemsOf(input: unknown): string[] {
  const result = validateCampaign(input);
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
}

/** Problems of a second step after a good one. */
const ofSecond = (step: object): string[] => problemsOf({ ...head, steps: [first, step] });
const second = (overrides: object): object => ({ ...dueStep('second', 'P3D'), ...overrides });
const timed = (at: object): object => second({ at: { anchor: 'due_date', ...at } });

describe('a campaign that is in order', () => {
  it('is taken, with what it leaves out filled in', () => {
    expect(validateCampaign({ ...head, steps: [{ ...first, at: { anchor: 'due_date' } }] })).toMatchObject({
      ok: true,
      document: {
        purpose: 'on_time_payment',
        policy: 'courteous',
        entry: 'gentle',
        whenExhausted: 'task',
        steps: [{ purpose: 'reminder', at: { offset: 'P0D', businessDays: false } }],
      },
    });
  });

  it('says the same again of its own result', () => {
    const document = campaignOf([first, stepOn('event', 'invoice_viewed')]);
    expect(validateCampaign(document)).toEqual({ ok: true, document });
  });

  it('may follow a step by days and hours, and write zero as no offset', () => {
    expect(ofSecond(second({ at: { anchor: 'previous_step', offset: 'P1DT2H' } }))).toEqual([]);
    expect(ofSecond(timed({ offset: 'P0D' }))).toEqual([]);
  });
});

describe('a mistake in a campaign is named with its path and what to write', () => {
  it.each([
    [{ colour: 'red' }, 'steps[1].colour: unknown property; remove it or mend its spelling'],
    [{ key: 'first' }, 'steps[1].key: "first" is used by an earlier step; every key is used once'],
    [
      { key: 'Second Notice' },
      'steps[1].key: use lower-case letters, digits and hyphens, like second-notice',
    ],
    [{ on: 'invoice_viewed' }, 'steps[1]: give either `at` (a moment) or `on` (an event), and not both'],
    [{ at: undefined }, 'steps[1]: give either `at` (a moment) or `on` (an event), and not both'],
    [
      { send: undefined, template: undefined },
      'steps[1]: give either `send` (channels) or `task: call`, and not both',
    ],
    [
      { template: undefined },
      'steps[1]: a step that sends needs either `template` or `variants`, and not both',
    ],
    [{ send: undefined, task: 'call' }, 'steps[1].template: a task sends nothing, so it takes no template'],
    [{ waitFor: 'P1D' }, 'steps[1].waitFor: only a step that can become a call task waits for an outcome'],
    [{ validFor: 'P0D' }, 'steps[1].validFor: must be longer than zero, like P3D'],
    [{ validFor: '-P1D' }, 'steps[1].validFor: must be longer than zero, like P3D'],
    [
      { repeat: { every: 'P7D' } },
      'steps[1].repeat: say when it ends: `max` (how often) or `until` (how long)',
    ],
    [
      { at: undefined, on: 'invoice_viewed', repeat: { every: 'P7D', max: 2 } },
      'steps[1].repeat: a step on an event happens once an event; remove `repeat`',
    ],
    [
      { at: { anchor: 'promise_date' }, repeat: { every: 'P7D', max: 2 } },
      'steps[1].repeat: a step anchored to promise_date comes once for each such date; remove `repeat`',
    ],
    [
      { onlyIf: { balanceAtLeast: 25 } },
      'steps[1].onlyIf.balanceAtLeast: Invalid input: expected string, received number',
    ],
    [
      { onlyIf: { balanceAtLeast: '25,00' } },
      'steps[1].onlyIf.balanceAtLeast: write an amount as a decimal string, like "25.00"',
    ],
    [{ onlyIf: { countries: ['de'] } }, 'steps[1].onlyIf.countries[0]: use ISO 3166 codes, like DE'],
    [{ send: 'email' }, 'steps[1].send: Invalid input: expected array, received string'],
  ])('%j', (overrides, problem) => {
    expect(ofSecond(second(overrides))).toEqual([problem]);
  });

  it.each([
    [{ offset: '3 days' }, 'offset: "3 days" is no ISO 8601 duration; write it like P3D, -P3D or PT5S'],
    [{ offset: 'P11Y' }, 'offset: "P11Y" is longer than ten years; write a shorter one, like P3D'],
    [
      { offset: '-PT999999999H' },
      'offset: "-PT999999999H" is longer than ten years; write a shorter one, like P3D',
    ],
    [{ time: '24:00' }, 'time: "24:00" is no local time; write it like "10:00"'],
    [{ time: '9:00' }, 'time: "9:00" is no local time; write it like "10:00"'],
    [
      { offset: 'P1M', businessDays: true },
      'offset: with businessDays the offset counts days or weeks only, like -P3D',
    ],
    [
      { offset: 'PT5H', time: '10:00' },
      'time: an offset on the clock fixes the moment; remove `time`, or count in days',
    ],
    [
      { offset: 'PT5H', roll: 'next' },
      'roll: an offset on the clock fixes the moment; remove `roll`, or count in days',
    ],
    [
      { offset: 'P1DT5H' },
      'offset: counts days and hours at once; count in days, and give the hour as `time`',
    ],
    [{ anchor: 'previous_step', offset: '-P1D' }, 'offset: a step cannot come before its previous step'],
    [
      { anchor: 'payday' },
      'anchor: Invalid option: expected one of "issue_date"|"due_date"|"previous_step"|"promise_date"|"instalment_date"',
    ],
  ])('at: %j', (at, problem) => {
    expect(ofSecond(timed(at))).toEqual([`steps[1].at.${problem}`]);
  });

  it('a step after the previous one where there is none, or none that always comes', () => {
    const previous = stepAt('p', { anchor: 'previous_step', offset: 'P1D' });
    expect(problemsOf({ ...head, steps: [previous] })).toEqual([
      'steps[0].at.anchor: the first step has no previous step; anchor it to due_date or issue_date',
    ]);
    expect(problemsOf({ ...head, steps: [stepOn('event', 'invoice_viewed'), previous] })).toEqual([
      'steps[1].at.anchor: every earlier step waits for something that may never come; anchor it to due_date or issue_date',
    ]);
    expect(problemsOf({ ...head, steps: [first, stepOn('event', 'invoice_viewed'), previous] })).toEqual([]);
  });

  it('variants of which none could be chosen, or two with one name', () => {
    const variants = (weights: number[], key = (i: number) => `v${i}`): object =>
      second({
        template: undefined,
        variants: weights.map((weight, i) => ({ key: key(i), weight, template: 't' })),
      });
    expect(ofSecond(variants([0, 0]))).toEqual([
      'steps[1].variants: every weight is zero, so no variant could ever be chosen',
    ]);
    expect(ofSecond(variants([1, 1], () => 'v'))).toEqual([
      'steps[1].variants[1].key: "v" is used by an earlier variant',
    ]);
    expect(ofSecond(variants([1, -1]))).toEqual([
      'steps[1].variants[1].weight: Too small: expected number to be >=0',
    ]);
    expect(ofSecond(variants([0, 1]))).toEqual([]);
  });

  it('the head: another version, a missing name, a ladder without steps', () => {
    expect(problemsOf({ kindly: 2, name: ' ', steps: [] })).toEqual([
      'kindly: Invalid input: expected 1',
      'name: Too small: expected string to have >=1 characters',
      'steps: Too small: expected array to have >=1 items',
    ]);
    expect(problemsOf([])).toEqual([': Invalid input: expected object, received array']);
  });

  it('tells of all mistakes at once', () => {
    const problems = problemsOf({
      ...head,
      steps: [second({ key: 'x', on: 'invoice_viewed' }), second({ key: 'x' })],
    });
    expect(problems).toHaveLength(2);
    expect(ofSecond(second({ task: 'call' }))).toEqual([
      'steps[1]: give either `send` (channels) or `task: call`, and not both',
      'steps[1].template: a task sends nothing, so it takes no template',
    ]);
  });
});

describe('formatPath', () => {
  it('writes a path as one would in code', () => {
    expect(formatPath(['steps', 2, 'at', 'offset'])).toBe('steps[2].at.offset');
    expect(formatPath([])).toBe('');
  });
});

describe('any input', () => {
  const near = fc.record(
    {
      key: fc.oneof(fc.constantFrom('a', 'b'), fc.anything()),
      at: fc.oneof(
        fc.record(
          {
            anchor: fc.constantFrom(...ANCHORS),
            offset: fc.oneof(
              fc.constantFrom('P1D', '-P1D', 'PT5S', 'P1M', 'P9Y', 'P1DT1H', 'P0D'),
              fc.string(),
            ),
            time: fc.constantFrom('10:00', '02:30', '25:00'),
            businessDays: fc.boolean(),
            roll: fc.constantFrom('next', 'previous', 'x'),
          },
          { requiredKeys: ['anchor'] },
        ),
        fc.anything(),
      ),
      on: fc.constantFrom(...TRIGGERS),
      send: fc.array(fc.constantFrom(...SEND_TARGETS), { maxLength: 3 }),
      template: fc.constant('t'),
      task: fc.constant('call'),
      repeat: fc.record({ every: fc.constantFrom('P1D', 'P1M', 'PT1H', '-P1D', 'P9Y'), max: fc.nat(120) }),
      validFor: fc.constantFrom('P1D', 'PT5S', 'P0D', 'P9Y'),
    },
    { requiredKeys: [] },
  );

  it('is judged without throwing, and each problem has a message', () => {
    const garbage = fc.oneof(
      fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }),
      fc.record({ kindly: fc.constant(1), name: fc.anything(), steps: fc.array(near, { maxLength: 4 }) }),
    );
    fc.assert(
      fc.property(garbage, (input) => {
        const result = validateCampaign(input);
        return (
          result.ok ||
          (result.problems.length > 0 && result.problems.every(({ message }) => message.length > 0))
        );
      }),
      { seed: 7, numRuns: 3_000 },
    );
  });

  it('that the schema refuses by type names the place', () => {
    const wrong: unknown[] = [null, 1, 'x', [], { steps: 1 }];
    for (const input of wrong) expect(campaignDocumentSchema.safeParse(input).success).toBe(false);
    expect(problemsOf({ ...head, steps: { 0: first } })[0]).toMatch(/^steps: /);
    const badStep: unknown[] = [first, 7];
    expect(problemsOf({ ...head, steps: badStep })).toEqual([
      'steps[1]: Invalid input: expected object, received number',
    ]);
  });
});
