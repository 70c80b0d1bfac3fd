import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from '#channels/channel.js';
import { TestEngine } from '#test/support/engine.js';
import { ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';
import { readable } from '#test/support/temporal.js';

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
  organisation = await engine.organisation();
}, 60_000);
afterAll(() => engine?.close(), 60_000);

const STEPS = 10;
/** What a history has besides its steps: the start, and the end. */
const START_AND_END = 2;

describe('the history of an invoice', () => {
  it('grows by at most 12 events a sent step', async () => {
    const debtor = await organisation.outreach(ladder(Array.from({ length: STEPS - 1 }, () => 'PT1S')));
    await organisation.settled(debtor, STEPS, 60_000);
    await organisation.workflow(debtor).result();
    const { historyLength } = await organisation.workflow(debtor).describe();
    expect((historyLength - START_AND_END) / STEPS).toBeLessThanOrEqual(12);
  }, 90_000);

  it('holds no personal data, whatever becomes of a message', async () => {
    const secrets = ['Wilhelmina Quackenbush', 'quackenbush@example.test', '+447700912345', '987654321'];
    const [name, email, phone, telegramChatId] = secrets as [string, string, string, string];
    const person = { name, email, phone, telegramChatId };
    const outcomes: (Outcome | Error)[] = [
      { kind: 'accepted', providerId: 'p-1' },
      { kind: 'rejected', code: '21211', addressIsBad: true },
      { kind: 'rejected', code: 'http_401', addressIsBad: false },
      { kind: 'not_reached', code: 'ECONNREFUSED' },
      { kind: 'throttled', code: 'http_429', retryAfterMs: 60_000 },
      { kind: 'unknown', code: 'timeout' },
      new Error(`Could not write to ${name} <${email}>, telephone ${phone}, chat ${telegramChatId}`),
    ];
    for (const outcome of outcomes) {
      engine.outside.next(outcome);
      const debtor = await organisation.outreach(
        ladder(['PT1H'], { send: ['telegram', 'sms', 'email'] }),
        person,
      );
      await eventually(async () => {
        if ((await organisation.contacts(debtor)).length === 0) throw new Error('Nothing was tried yet.');
      });
    }
    await eventually(async () => {
      const text = (await engine.temporal.histories()).map(readable).join('\n');
      if (!text.includes('activityTaskCompletedEventAttributes')) throw new Error('No step has ended yet.');
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    });
    const texts = (await engine.temporal.histories()).map(readable).join('\n');
    expect(texts).toContain(organisation.id);
    expect(engine.outside.calls.some(({ to }) => secrets.includes(to.address))).toBe(true);
  }, 60_000);
});
