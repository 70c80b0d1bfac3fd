import { loadPublicHolidays } from '#domain/holidays.js';
import { holidayCalendar, type WorkingCalendar } from '#domain/working-days.js';
import { densePortfolio, SIZE } from '#test/support/dense-portfolio.js';
import type { DecisionRecord } from './decision-record.js';
import { simulate } from './simulate.js';

let calendar: WorkingCalendar;
beforeAll(async () => {
  calendar = holidayCalendar(await loadPublicHolidays());
});

const nameOf = ({ invoice, step }: DecisionRecord): string => `${invoice}/${step}`;

describe('five customers of sixty invoices each', () => {
  it.each(['one', 'two', 'three'])('hear in one voice, and each ladder goes on once (%s)', async (seed) => {
    const { report, records } = await simulate(densePortfolio(seed), calendar);
    expect(report).toMatchObject({
      invoices: SIZE.customers * SIZE.invoices,
      customers: SIZE.customers,
      violations: [],
    });
    const told = records.filter(({ decision }) => decision === 'sent' || decision === 'merged');
    expect(new Set(told.map(nameOf)).size).toBe(told.length);
    const merged = told.filter(({ decision }) => decision === 'merged');
    // One voice: most of what comes due is told along with something else.
    expect(merged.length).toBeGreaterThan(told.length / 2);
    expect(report.contacts).toBe(told.length - merged.length);
    for (const { due, sent, tasks, merged: joined, suppressed, open } of Object.values(report.steps)) {
      const dropped = Object.values(suppressed).reduce((sum, n) => sum + n, 0);
      expect(due).toBe(sent + tasks + joined + dropped + open);
    }
  });

  it('are the same for the same seed, and others for another', () => {
    expect(densePortfolio('one')).toEqual(densePortfolio('one'));
    expect(densePortfolio('one').invoices).not.toEqual(densePortfolio('two').invoices);
  });
});
