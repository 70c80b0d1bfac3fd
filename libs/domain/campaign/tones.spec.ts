import { dueStep, stepOn } from '#domain/facts.factory.js';
import type { CampaignInput, Tone } from './document.js';
import { toneProblems } from './tones.js';
import { validateCampaign } from './validate.js';

type Goal = NonNullable<CampaignInput['purpose']>;
type Steps = CampaignInput['steps'];

const problemsOf = (purpose: Goal, steps: Steps): string[] => {
  const result = validateCampaign({ kindly: 1, name: 'Test', purpose, steps });
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
};

const said = (offset: string, tone: Tone) => dueStep('said', offset, { tone });
const mild = dueStep('mild', 'PT0S', { at: { anchor: 'issue_date' }, tone: 'friendly' });

describe('how harshly a step may speak', () => {
  it.each([
    ['on_time_payment', '-P3D', 'neutral', 'firm'],
    ['on_time_payment', 'P0D', 'neutral', 'firm'],
    ['on_time_payment', 'P1D', 'firm', null],
    ['keep_relationship', '-P3D', 'friendly', 'neutral'],
    ['keep_relationship', 'P1D', 'neutral', 'firm'],
    ['change_behaviour', '-P3D', 'neutral', 'firm'],
    ['change_behaviour', 'P1D', 'firm', null],
    ['recover', 'P0D', 'neutral', 'firm'],
    ['recover', 'P1D', 'firm', null],
  ] as const)('%s, at %s: up to %s', (goal, offset, most, tooMuch) => {
    expect(problemsOf(goal, [mild, said(offset, most)])).toEqual([]);
    if (tooMuch) expect(problemsOf(goal, [mild, said(offset, tooMuch)])).toHaveLength(1);
  });

  it('is told with what the goal allows', () => {
    expect(problemsOf('keep_relationship', [mild, said('P1D', 'firm')])).toEqual([
      'steps[1].tone: firm is harsher than the goal keep_relationship allows after the due date, which is neutral; write a milder one',
    ]);
  });

  it('is not firm in the first that somebody would hear, unless the goal is to recover', () => {
    const [problem] = problemsOf('on_time_payment', [said('P1D', 'firm')]);
    expect(problem).toContain('steps[0].tone: firm is the first that somebody would hear');
    expect(
      problemsOf('on_time_payment', [stepOn('event', 'payment_failed'), said('P1D', 'firm')]),
    ).toHaveLength(1);
    expect(problemsOf('recover', [said('P1D', 'firm')])).toEqual([]);
  });
});

describe('the tone of a step that names none', () => {
  const toneOf = (template: string): Tone | undefined => (template === 'final' ? 'firm' : undefined);
  const check = (purpose: Goal, steps: Steps) => {
    const result = validateCampaign({ kindly: 1, name: 'Test', purpose, steps });
    return result.ok ? toneProblems(result.document, toneOf) : result.problems;
  };

  it('is that of its template, or the harshest of its variants', () => {
    const final = dueStep('final', 'P9D', { template: 'final' });
    expect(check('keep_relationship', [mild, final])).toEqual([
      {
        path: 'steps[1].template',
        message:
          '"final" is firm, which is harsher than the goal keep_relationship allows after the due date, which is neutral; name a milder template, or say the tone of the step',
      },
    ]);
    const variants = [
      { key: 'a', template: 'soft' },
      { key: 'b', template: 'final' },
    ];
    const two = dueStep('two', 'P9D', { template: undefined, variants });
    expect(check('keep_relationship', [mild, two])).toMatchObject([
      { path: 'steps[1].variants[1].template' },
    ]);
    expect(check('on_time_payment', [mild, final])).toEqual([]);
  });

  it('is what the step says, whatever its template', () => {
    expect(
      check('keep_relationship', [mild, dueStep('x', 'P9D', { template: 'final', tone: 'neutral' })]),
    ).toEqual([]);
  });
});
