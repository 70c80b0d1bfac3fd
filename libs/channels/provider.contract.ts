import type { Outcome } from '#channels/channel.js';
import { AMPLE, mediumOf, SHORT, UNICODE, type ProviderSubject } from '#channels/channel.contract.js';
import { aMessage, type Fault } from '#test/support/providers/index.js';

/** What every channel owes that calls a provider: the truth about what it knows, whatever the provider does. */
export function describeProviderChannel(name: string, start: () => Promise<ProviderSubject>): void {
  describe(`${name}, whatever its provider does`, () => {
    let subject: ProviderSubject;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(async () => {
      await subject.channel.close();
      await subject.stop();
    });
    const meet = (fault: Fault, timeoutMs = AMPLE): Promise<Outcome> => {
      subject.provider.faults.next(fault);
      return subject.channel.send(aMessage(mediumOf(subject.channel)), timeoutMs);
    };

    it.each<[Fault, number, string, number]>([
      [{ kind: 'accept' }, AMPLE, 'accepted', 1],
      [{ kind: 'accept_slowly', delayMs: 20 }, AMPLE, 'accepted', 1],
      [{ kind: 'accept_slowly', delayMs: 10_000 }, SHORT, 'unknown', 1],
      [{ kind: 'accept_then_timeout' }, SHORT, 'unknown', 1],
      [{ kind: 'accept_then_reset' }, AMPLE, 'unknown', 1],
      [{ kind: 'accept_then_5xx' }, AMPLE, 'unknown', 1],
      [{ kind: 'accept_then_half_answer' }, AMPLE, 'unknown', 1],
      [{ kind: 'silence' }, SHORT, 'unknown', 0],
      [{ kind: 'reset' }, AMPLE, 'unknown', 0],
      [{ kind: 'throttle' }, AMPLE, 'throttled', 0],
      [{ kind: 'reject', status: 450 }, AMPLE, 'rejected or throttled', 0],
    ])('meeting %j within %i ms is %s, and calls once', async (fault, timeoutMs, kind, accepted) => {
      const outcome = await meet(fault, timeoutMs);
      expect(kind).toContain(outcome.kind);
      expect(subject.provider.accepted).toHaveLength(accepted);
      expect(subject.provider.received).toBeLessThanOrEqual(1);
    });

    it('has not reached a provider that refuses the connection', async () => {
      await subject.provider.refuse();
      expect(await meet({ kind: 'accept' })).toEqual({ kind: 'not_reached', code: 'ECONNREFUSED' });
      await subject.provider.restore();
    });

    it('has not reached a provider when no time is left', async () => {
      expect(await meet({ kind: 'accept' }, 0)).toMatchObject({ kind: 'not_reached' });
      expect(subject.provider.accepted).toHaveLength(0);
    });

    it('keeps to its budget', async () => {
      const began = performance.now();
      await meet({ kind: 'silence' }, SHORT);
      expect(performance.now() - began).toBeLessThan(SHORT + 500);
    });

    it('keeps messages sent at the same time apart', async () => {
      const messages = [1, 2, 3, 4, 5].map((n) =>
        aMessage(mediumOf(subject.channel), { text: `Invoice ${String(n)}` }),
      );
      const outcomes = await Promise.all(messages.map((message) => subject.channel.send(message, AMPLE)));
      expect(new Set(outcomes.map((outcome) => 'providerId' in outcome && outcome.providerId)).size).toBe(5);
      expect(subject.provider.accepted.map(({ text }) => text).sort()).toEqual(
        messages.map(({ text }) => text),
      );
    });

    it('keeps nothing of what a provider quotes', async () => {
      const message = aMessage(mediumOf(subject.channel));
      const quoted = message.to.address.replace('+', '');
      subject.provider.faults.next(
        { kind: 'reject', status: 500, text: quoted },
        { kind: 'reject', status: 400, text: quoted },
      );
      for (const sent of [message, message]) {
        const outcome = await subject.channel.send(sent, AMPLE);
        expect(JSON.stringify(outcome)).not.toContain(quoted);
        expect('code' in outcome && outcome.code).toMatch(/^[A-Za-z0-9_.]+$/);
      }
    });

    it('delivers text in any script unchanged', async () => {
      await subject.channel.send(aMessage(mediumOf(subject.channel), { text: UNICODE }), AMPLE);
      expect(subject.provider.accepted[0]?.text).toBe(UNICODE);
    });

    it('tells the doctor what to do when the provider cannot be reached', async () => {
      await subject.provider.refuse();
      await expect(subject.channel.check()).resolves.toMatchObject({
        ok: false,
        remedy: expect.stringMatching(/./) as string,
      });
      await subject.provider.restore();
    });
  });
}

/** What every channel owes that goes over HTTP: how long to wait, and what a gateway in between means. */
export function describeHttpChannel(name: string, start: () => Promise<ProviderSubject>): void {
  describe(`${name}, over HTTP`, () => {
    let subject: ProviderSubject;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(() => subject.stop());
    const meet = (fault: Fault): Promise<Outcome> => {
      subject.provider.faults.next(fault);
      return subject.channel.send(aMessage(mediumOf(subject.channel)), AMPLE);
    };

    it.each([
      ['7', 7_000],
      ['0', 1_000],
      ['9999999', 86_400_000],
      [undefined, 60_000],
      ['soon', 60_000],
    ])('waits after a 429 with Retry-After %s for %i ms', async (retryAfter, retryAfterMs) => {
      const outcome = await meet({ kind: 'throttle', retryAfter });
      expect(outcome).toEqual({ kind: 'throttled', code: 'http_429', retryAfterMs, wholeSender: true });
    });

    it('waits until the date a 429 names', async () => {
      const outcome = await meet({
        kind: 'throttle',
        retryAfter: new Date(Date.now() + 120_000).toUTCString(),
      });
      expect(outcome).toMatchObject({ kind: 'throttled', code: 'http_429' });
      expect('retryAfterMs' in outcome && Math.abs(outcome.retryAfterMs - 120_000)).toBeLessThan(2_000);
    });

    it.each([302, 408, 500, 502, 503])(
      'does not know what became of a message answered with %i',
      async (status) => {
        expect(await meet({ kind: 'answer', status, body: '<html>' })).toEqual({
          kind: 'unknown',
          code: `http_${String(status)}`,
        });
      },
    );

    it('has reached nobody with a wrong key', async () => {
      expect(await meet({ kind: 'answer', status: 401, body: '{}' })).toEqual({
        kind: 'not_reached',
        code: 'http_401',
      });
    });
  });
}
