import { readOptions, USAGE } from './options.js';

describe('the options of the chaos suite', () => {
  it('have values unless given', () => {
    expect(readOptions(['--seed', '3', '--json'])).toEqual({
      ok: true,
      options: { seed: 3, minutes: 3, invoices: 2_000, json: true, broken: null },
    });
  });

  it('name a fault to put into the product', () => {
    expect(readOptions(['--break', 'blind-retry'])).toMatchObject({ options: { broken: 'blind-retry' } });
  });

  it('are explained by --help', () => {
    expect(readOptions(['--help'])).toEqual({ ok: false, told: USAGE, exitCode: 0 });
  });

  it.each([
    ['--seed=many', '--seed "many" is no number'],
    ['--minutes=0', '--minutes "0" is no time'],
    ['--minutes=soon', '--minutes "soon" is no time'],
    ['--invoices=0', '--invoices "0" is no number'],
    ['--break=everything', '--break "everything" is none; write ledger-after-call or blind-retry'],
    ['--colour', USAGE],
  ])('say what to write in place of %s', (argument, told) => {
    const read = readOptions([argument]);
    expect(read).toMatchObject({ ok: false, exitCode: 2, told: expect.stringContaining(told) as unknown });
  });
});
