import { describeError } from './describe-error.js';
import { mask } from './mask.js';

describe('what a log may say', () => {
  it('has no address, telephone number or quoted value in a masked text', () => {
    expect(mask('cannot write to anna@example.org or +44 20 7946 0000: "Anna Smith" is no number')).toBe(
      'cannot write to ‹address› or ‹number›: "…" is no number',
    );
  });

  it('keeps what tells where and why', () => {
    expect(mask('column 12 of row 431 is empty')).toBe('column 12 of row 431 is empty');
  });

  it("leaves a statement's parameters and a row's values out of an error", () => {
    const driverError = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(anna@x.org)',
    });
    const failed = Object.assign(new Error('duplicate key'), { driverError, parameters: ['anna@x.org'] });
    expect(JSON.stringify(describeError(failed))).not.toContain('anna');
    expect(describeError(failed).code).toBe('23505');
  });

  it('follows the causes', () => {
    expect(describeError(new Error('outer', { cause: new TypeError('inner') })).cause).toMatchObject({
      name: 'TypeError',
      message: 'inner',
    });
  });
});
