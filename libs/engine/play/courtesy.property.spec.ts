import fc from 'fast-check';
import { loadPublicHolidays } from '#domain/holidays.js';
import { holidayCalendar, type WorkingCalendar } from '#domain/working-days.js';
import { ladders } from '#test/support/random-ladders.js';
import { portfolios } from '#test/support/random-portfolios.js';
import { simulate } from './simulate.js';

/** A year of each; all of them in under two minutes. */
const CASES = 10_000;

let calendar: WorkingCalendar;
beforeAll(async () => {
  calendar = holidayCalendar(await loadPublicHolidays());
});

describe('any portfolio under any courteous ladder', () => {
  it('never breaks the policy, and says why whatever was not sent was not', async () => {
    await fc.assert(
      fc.asyncProperty(portfolios(ladders(5, { policy: 'courteous' })), async (scenario) => {
        const { report, records } = await simulate(scenario, calendar);
        expect(report.violations).toEqual([]);
        for (const { decision, reasons, deferredBy } of records) {
          if (decision === 'suppressed') expect(reasons).not.toEqual([]);
          if (decision === 'deferred') expect(deferredBy).toEqual(expect.arrayContaining(reasons));
        }
      }),
      { seed: 5, numRuns: CASES },
    );
  }, 240_000);
});
