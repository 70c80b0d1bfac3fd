import { twilioRate } from './twilio-rate.js';

it.each([
  ['+15005550006', 1],
  ['+447700900123', 10],
  ['Acme', 10],
  ['12345', 100],
  ['MG0123456789abcdef0123456789abcdef', undefined],
])('%s sends so many a second by Twilio: %s', (sender, perSecond) => {
  expect(twilioRate(sender)?.perSecond).toBe(perSecond);
});
