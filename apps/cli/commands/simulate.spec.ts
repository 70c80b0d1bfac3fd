import { campaignOf, dueStep } from '#domain/facts.factory.js';
import { calendarFor } from './simulate.js';

const ASSUMPTION: [string, string, null] = ['2026-08-15', 'ES', null];

describe('the calendar of a simulation', () => {
  it.each([
    [
      'a step counts working days',
      [dueStep('a', 'P1D', { at: { anchor: 'due_date', businessDays: true } })],
      'none',
    ],
    ['a contact policy asks for them', [dueStep('a', 'P1D')], 'courteous'],
  ] as const)('knows public holidays where %s', async (_why, steps, policy) => {
    const calendar = await calendarFor(campaignOf([...steps], { policy }));
    expect(calendar.isHoliday(...ASSUMPTION)).toBe(true);
  });

  it('does without them where nothing looks them up', async () => {
    const calendar = await calendarFor(campaignOf([dueStep('a', 'P1D')]));
    expect(calendar.isHoliday(...ASSUMPTION)).toBe(false);
  });
});
