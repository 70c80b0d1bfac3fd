import { jestTally } from './checks.mjs';

const result = (overrides = {}) => ({
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  ...overrides,
});

describe('jestTally', () => {
  it('counts what passed, failed and was skipped', () => {
    expect(jestTally(result({ numFailedTests: 2 }), 1)).toEqual({ passed: 5, failed: 2, skipped: 1 });
  });

  it('counts a suite that does not load as a failure', () => {
    expect(jestTally(result({ numRuntimeErrorTestSuites: 1 }), 1)).toMatchObject({ passed: 5, failed: 1 });
  });

  it('counts a failure of Jest itself as one', () => {
    expect(jestTally(result(), 1)).toMatchObject({ passed: 5, failed: 1 });
    expect(jestTally(undefined, 0)).toMatchObject({ passed: 0, failed: 1 });
  });

  it('does not count having to end a lingering Jest as a failure', () => {
    expect(jestTally(result(), null)).toMatchObject({ passed: 5, failed: 0 });
  });
});
