import { dutyWords, keptBy, ruleWords } from './describe.js';
import { PROFILES } from './profiles.js';

const rule = (policy: string, key: string): string => {
  const found = PROFILES.find((each) => each.key === policy)?.rules.find((each) => each.key === key);
  return found ? ruleWords(found) : 'no such rule';
};

describe('a rule in words', () => {
  it.each([
    [
      'courteous',
      'hours',
      '09:00 to 20:00 on weekdays and the weekend; nothing on Sundays and public holidays',
    ],
    [
      'ru-230-fz',
      'hours',
      '08:00 to 22:00 on weekdays; 09:00 to 20:00 on the weekend, Sundays and public holidays',
    ],
    [
      'us-fl',
      'hours',
      'calls, SMS, direct messages: 08:00 to 21:00 on weekdays, the weekend, Sundays and public holidays',
    ],
    ['us-reg-f', 'seven_calls', 'At most 7 calls in 7 days, about a debt'],
    ['us-reg-f', 'after_conversation', 'calls: nothing within 7 days of a conversation, about a debt'],
    ['courteous', 'one_a_day', 'At most 1 contact in a day, to a person'],
  ])('%s/%s: %s', (policy, key, words) => {
    expect(rule(policy, key)).toBe(words);
  });

  it('of a blackout names its days', () => {
    expect(ruleWords({ kind: 'blackout', key: 'x', from: '2026-12-24', to: '2027-01-01' })).toBe(
      'nothing from 2026-12-24 to 2027-01-01',
    );
  });
});

it('every duty says what it asks for, and by what it is kept', () => {
  const duties = PROFILES.flatMap((policy) => policy.duties ?? []);
  expect(duties.map(dutyWords)).toContain('e-mail, SMS, direct messages: only with a consent on record');
  for (const duty of duties) expect([dutyWords(duty), keptBy(duty)]).not.toContain('');
});
