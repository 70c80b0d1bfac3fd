import { readOptions, USAGE } from './options.js';

describe('the options of the bench', () => {
  it('have values unless given', () => {
    expect(readOptions(['--rounds', '3', '--json'])).toEqual({
      ok: true,
      options: { json: true, rounds: 3, workflows: 150, starts: 500, sleeping: 10_000 },
    });
  });

  it('are explained by --help', () => {
    expect(readOptions(['--help'])).toEqual({ ok: false, told: USAGE, exitCode: 0 });
  });

  it.each([['--colour'], ['--rounds'], ['seven']])('are explained where %s means nothing', (arg) => {
    const read = readOptions([arg]);
    expect(read).toMatchObject({ ok: false, exitCode: 2, told: expect.stringContaining(USAGE) as unknown });
  });

  it.each(['many', '0', '-1', '1.5', '', '99999999'])(
    'say what to write in place of the number "%s"',
    (text) => {
      const read = readOptions([`--starts=${text}`]);
      const told = expect.stringContaining(
        `--starts "${text}" is no number; write a whole number`,
      ) as unknown;
      expect(read).toMatchObject({ ok: false, exitCode: 2, told });
    },
  );
});
