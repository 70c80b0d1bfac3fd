import { campaignOf, dueStep, factsOf, local } from '#domain/facts.factory.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import { Walk } from './walk.factory.js';

const ladder = campaignOf([
  dueStep('first', 'P1D'),
  dueStep('brief', 'P15D', { validFor: 'P1D' }),
  dueStep('last', 'P30D', { approval: 'never' }),
]);

const vip = (): EnrolmentFacts => factsOf({ customer: { vip: true } });

const walk = (facts = vip(), document = ladder): Walk => new Walk(facts, document);

describe('a message that somebody has to approve', () => {
  it('is asked about when it comes due, and waits', () => {
    const asked = walk().until('2026-04-01 12:00');
    expect(asked.log).toEqual(['2026-04-01 10:00 first approval']);
    expect(asked.deferrals).toEqual(['2026-04-01 10:00 first It waits for somebody to approve it.']);
    expect(asked.waitsUntil).toBe(local('2026-04-08 10:00'));
  });

  it('goes out when it is approved, and the next is asked about by itself', () => {
    const asked = walk().until('2026-04-01 12:00').answer(true);
    expect(asked.log).toContain('2026-04-01 12:00 first email');
    expect(asked.until('2026-04-15 10:00').log.at(-1)).toBe('2026-04-15 10:00 brief approval');
  });

  it('never goes out when it is declined', () => {
    const asked = walk().until('2026-04-01 12:00').answer(false);
    expect(asked.log.slice(-1)).toEqual(['2026-04-01 12:00 first not_approved']);
    expect(asked.until('2026-05-01').log.filter((line) => line.includes('first'))).toHaveLength(2);
  });

  it('is given up when nobody answers within a week, and sooner where its meaning passes; the ladder goes on', () => {
    const { log } = walk().until('2026-05-01');
    expect(log).toEqual([
      '2026-04-01 10:00 first approval',
      '2026-04-08 10:00 first not_approved',
      '2026-04-15 10:00 brief approval',
      '2026-04-16 10:00 brief too_late',
      '2026-04-30 10:00 last email',
    ]);
  });

  it('is forgotten when the invoice is paid', () => {
    const paid = walk()
      .until('2026-04-01 12:00')
      .change({ invoice: { ...vip().invoice, status: 'settled', parts: [] } });
    expect(paid.log.slice(-1)).toEqual(['2026-04-01 12:00 first balance']);
  });

  it('is one of customers marked as vip, of all where the step says so, and of nobody where it says never', () => {
    expect(walk(factsOf()).until('2026-04-01 12:00').log).toEqual(['2026-04-01 10:00 first email']);
    const always = campaignOf([dueStep('first', 'P1D', { approval: 'always' })]);
    expect(walk(factsOf(), always).until('2026-04-01 12:00').log).toEqual([
      '2026-04-01 10:00 first approval',
    ]);
    const never = campaignOf([dueStep('first', 'P1D', { approval: 'never' })]);
    expect(walk(vip(), never).until('2026-04-01 12:00').log).toEqual(['2026-04-01 10:00 first email']);
  });

  it('is not a call: people make those', () => {
    const calls = campaignOf([{ key: 'call', at: { anchor: 'due_date', offset: 'P1D' }, task: 'call' }]);
    expect(walk(vip(), calls).until('2026-04-01 12:00').log).toEqual(['2026-04-01 10:00 call call']);
  });

  it('needs no answer any more when the customer is no vip, or the step is gone', () => {
    const asked = walk().until('2026-04-01 12:00');
    const { customer } = vip();
    expect(asked.change({ customer: { ...customer, vip: false } }).log.at(-1)).toBe(
      '2026-04-01 12:00 first email',
    );
  });

  it('is of the words that were approved: of other words somebody is asked anew', () => {
    const facts = vip();
    const approvals = [
      {
        stepKey: 'first',
        occurrence: 0,
        isApproved: true,
        templates: ['other'],
        at: local('2026-03-30 10:00'),
      },
    ];
    expect(walk({ ...facts, approvals }).until('2026-04-01 12:00').log).toEqual([
      '2026-04-01 10:00 first approval',
    ]);
  });
});
