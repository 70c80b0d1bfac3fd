import { causeOf, outweighs } from './suppression.js';

it.each([
  ['stop', 'word'],
  ['unsubscribed', 'word'],
  ['unsubscribed:group', 'word'],
  ['failed:21610', 'word'],
  ['rejected:21610', 'word'],
  ['blocked', 'closed'],
  ['rejected:bot_blocked', 'closed'],
  ['rejected:never_started', 'closed'],
  ['rejected:chat_not_found', 'fault'],
  ['bounced:smtp_550_5.1.1', 'fault'],
  ['complained', 'fault'],
  ['opted out by letter', 'fault'],
  ['stop calling, says the manager', 'fault'],
] as const)('takes "%s" for a %s', (reason, cause) => {
  expect(causeOf(reason)).toBe(cause);
});

it('lets a bounce take the place of a stop, and a stop that of a closed chat, but not the other way round', () => {
  expect([
    outweighs('bounced', 'stop'),
    outweighs('stop', 'blocked'),
    outweighs('bounced', 'blocked'),
  ]).toEqual(Array(3).fill(true));
  expect([
    outweighs('stop', 'bounced'),
    outweighs('blocked', 'stop'),
    outweighs('stop', 'unsubscribed'),
  ]).toEqual(Array(3).fill(false));
});
