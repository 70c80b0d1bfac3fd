import { STAGES, parseArguments } from './stages.mjs';

const namesOf = (...args: string[]) => parseArguments(args).stages.map(({ name }) => name);

describe('parseArguments', () => {
  it('runs every stage unless told otherwise', () => {
    expect(namesOf()).toEqual(STAGES.map(({ name }) => name));
  });

  it('runs the named stages, in the order of the suite', () => {
    expect(namesOf('unit', 'lint')).toEqual(['lint', 'unit']);
  });

  it.each([[['--grep', 'pays twice']], [['--grep=pays twice']]])(
    'looks for %j through all tests, and only tests',
    (args) => {
      const { stages, grep } = parseArguments(args);
      expect(grep).toBe('pays twice');
      expect(stages.every(({ jest }) => jest)).toBe(true);
    },
  );

  it('narrows a pattern to the named stages', () => {
    expect(namesOf('unit', '--grep', 'money')).toEqual(['unit']);
  });

  it.each([
    [['unitt'], 'there is no stage unitt; the stages are lint,'],
    [['--watch'], 'unknown option --watch'],
    [['--grep'], '--grep needs a pattern'],
  ])('refuses %j', (args, message) => {
    expect(() => parseArguments(args)).toThrow(message);
  });
});
