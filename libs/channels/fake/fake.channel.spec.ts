import type { Outcome } from '#channels/channel.js';
import { AMPLE, describeChannel, describeEmailChannel, type Subject } from '#channels/channel.contract.js';
import { aMessage } from '#test/support/providers/index.js';
import { FakeChannel } from './fake.channel.js';

const start = (): Promise<Subject> =>
  Promise.resolve({ channel: new FakeChannel(), stop: () => Promise.resolve() });

describeChannel('fake', start);
describeEmailChannel('fake', start);

const OUTCOMES: Outcome[] = [
  { kind: 'accepted', providerId: 'p-1' },
  { kind: 'rejected', code: '21610', addressIsBad: true },
  { kind: 'not_reached', code: 'ECONNREFUSED' },
  { kind: 'throttled', code: 'http_429', retryAfterMs: 1_000 },
  { kind: 'unknown', code: 'ECONNRESET' },
];

describe('the fake channel', () => {
  it.each(OUTCOMES)('answers $kind on demand, once', async (outcome) => {
    const fake = new FakeChannel().next(outcome);
    const message = aMessage('email');
    await expect(fake.send(message, AMPLE)).resolves.toEqual(outcome);
    await expect(fake.send(message, AMPLE)).resolves.toEqual({
      kind: 'accepted',
      providerId: message.contactId,
    });
    expect(fake.calls).toEqual([message, message]);
  });

  it('follows the script of an address, whose last line stays in force', async () => {
    const message = aMessage('sms');
    const [, rejected, notReached] = OUTCOMES as [Outcome, Outcome, Outcome];
    const fake = new FakeChannel().to(message.to.address, notReached, rejected);
    const kinds: string[] = [];
    for (const sent of [message, message, message, aMessage('sms', { to: { address: '+15005550009' } })]) {
      kinds.push((await fake.send(sent, AMPLE)).kind);
    }
    expect(kinds).toEqual(['not_reached', 'rejected', 'rejected', 'accepted']);
  });

  it('keeps the truth that an unknown outcome hides', async () => {
    const unknown: Outcome = { kind: 'unknown', code: 'timeout' };
    const fake = new FakeChannel().next({ outcome: unknown, delivered: true }, unknown);
    const [delivered, lost] = [aMessage('email'), aMessage('email')];
    await fake.send(delivered, AMPLE);
    await fake.send(lost, AMPLE);
    expect(fake.delivered).toEqual([delivered]);
  });

  it('does not know what became of a message whose answer comes too late', async () => {
    const fake = new FakeChannel().next({
      outcome: { kind: 'accepted', providerId: 'p-1' },
      delayMs: 60_000,
    });
    await expect(fake.send(aMessage('email'), 10)).resolves.toEqual({ kind: 'unknown', code: 'timeout' });
    expect(fake.delivered).toHaveLength(1);
  });

  it('decides from the message, or breaks as a bug would', async () => {
    const fake = new FakeChannel()
      .next(new Error('a bug'))
      .always((message) => ({ kind: 'accepted', providerId: `for-${message.to.address}` }));
    await expect(fake.send(aMessage('telegram'), AMPLE)).rejects.toThrow('a bug');
    await expect(fake.send(aMessage('telegram'), AMPLE)).resolves.toMatchObject({
      providerId: 'for-4200001',
    });
  });
});
