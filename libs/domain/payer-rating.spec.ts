import { explainRating, type PayingFigures, ratingOf } from './payer-rating.js';

const figures = (changes: Partial<PayingFigures> = {}): PayingFigures => ({
  due: 10,
  onTime: 10,
  veryLate: 0,
  averageDaysLate: 0,
  longestDaysLate: 0,
  overdue: 0,
  promises: 0,
  brokenPromises: 0,
  ...changes,
});

describe('the rating of a payer', () => {
  it.each([
    ['nothing came due', { due: 0, onTime: 0 }, 'new'],
    ['two invoices, both paid late', { due: 2, onTime: 0, veryLate: 2, averageDaysLate: 90 }, 'new'],
    ['the third invoice tells', { due: 3, onTime: 3 }, 'good'],
    ['eight of ten on time', { onTime: 8, averageDaysLate: 7 }, 'good'],
    ['seven of ten on time', { onTime: 7, averageDaysLate: 7 }, 'average'],
    ['on time, but on average more than a week late', { onTime: 8, averageDaysLate: 7.1 }, 'average'],
    ['one promise broken', { promises: 4, brokenPromises: 1 }, 'average'],
    ['just below half very late', { onTime: 0, veryLate: 4, averageDaysLate: 29.9 }, 'average'],
    ['half of them very late', { onTime: 5, veryLate: 5, averageDaysLate: 20 }, 'chronic'],
    ['thirty days late on average', { onTime: 0, veryLate: 4, averageDaysLate: 30 }, 'chronic'],
    ['three promises broken of six', { promises: 6, brokenPromises: 3 }, 'chronic'],
    ['three promises broken of seven', { promises: 7, brokenPromises: 3 }, 'average'],
    ['two promises, both broken', { promises: 2, brokenPromises: 2 }, 'average'],
  ] as const)('%s: %j is %s', (_what, changes, rating) => {
    expect(ratingOf(figures(changes))).toBe(rating);
  });

  it('is explained by its figures', () => {
    expect(
      explainRating(
        figures({
          onTime: 4,
          veryLate: 3,
          averageDaysLate: 21.5,
          overdue: 2,
          promises: 3,
          brokenPromises: 1,
        }),
      ),
    ).toBe(
      '4 of 10 invoices paid by the third day, 3 more than 30 days late, 21.5 days late on average, 2 overdue now, 1 of 3 promises broken.',
    );
    expect(explainRating(figures({ due: 1, onTime: 1 }))).toBe(
      'Only 1 invoice came due within two years; 3 are needed to tell.',
    );
    expect(explainRating(figures({ due: 0, onTime: 0 }))).toBe(
      'No invoice came due within two years; 3 are needed to tell.',
    );
  });
});
