import { MEASUREMENTS, readOptions, USAGE } from './options.js';

describe('the options of the bench', () => {
  it('have values unless given', () => {
    expect(readOptions(['--rounds', '3', '--json'])).toEqual({
      ok: true,
      options: {
        json: true,
        only: MEASUREMENTS,
        rounds: 3,
        workflows: 150,
        starts: 500,
        calls: 400,
        messages: 200,
        sleeping: 10_000,
      },
    });
  });

  it('name what alone is measured, in whatever order and however often', () => {
    expect(readOptions(['--only', 'webhooks, steps,webhooks'])).toMatchObject({
      ok: true,
      options: { only: ['steps', 'webhooks'] },
    });
  });

  it.each([
    ['speed', 'speed'],
    ['steps,speed', 'speed'],
    ['Steps', 'Steps'],
    ['steps,', ''],
    ['', ''],
  ])('list the measurements where "%s" names something else', (names, strange) => {
    const told = `--only "${strange}" is no measurement; write one or more of ${MEASUREMENTS.join(', ')}`;
    const read = readOptions([`--only=${names}`]);
    expect(read).toMatchObject({ ok: false, exitCode: 2, told: expect.stringContaining(told) as unknown });
  });

  it('are explained with every measurement', () => {
    for (const name of MEASUREMENTS) expect(USAGE).toMatch(new RegExp(`^ +${name} `, 'm'));
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
