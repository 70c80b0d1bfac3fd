import { AMPLE, mediumOf, type ProviderSubject } from '#channels/channel.contract.js';
import type { Outcome } from '#channels/channel.js';
import {
  COMMON,
  NOT_TAKEN,
  TAKEN,
  unknownBy,
  type FaultTable,
  type Meeting,
} from '#channels/faults.contract.js';
import { aMessage, type Fault } from '#test/support/providers/index.js';

type Refusal = Exclude<Outcome, { kind: 'accepted' }>;

/** Where the providers differ; each has to state every one of them. */
export interface HttpDifferences {
  /** What a refusal means that says nothing besides its status. */
  bare: Readonly<Record<400 | 401 | 403 | 404, Refusal>>;
  /** Refusals in the provider's own words. */
  own: readonly (readonly [fault: Omit<Fault & { kind: 'reject' }, 'kind'>, outcome: Refusal])[];
  /** Answers that say yes, but not to what. */
  nameless: readonly (readonly [status: number, body: string])[];
}

export const rejectedBy = (code: string, addressIsBad = false): Refusal => ({
  kind: 'rejected',
  code,
  addressIsBad,
});
export const notReachedBy = (code: string): Refusal => ({ kind: 'not_reached', code });
export const throttledBy = (code: string): Refusal => ({
  kind: 'throttled',
  code,
  retryAfterMs: 60_000,
  wholeSender: true,
});

const REDIRECTS = [301, 302, 303, 304, 307, 308];
/** Refused by every provider alike. */
const REFUSALS = [402, 405, 406, 409, 410, 413, 415, 422, 451];
const FAILURES = [408, 500, 501, 502, 503, 504, 520, 599];
const PAGE = '<html>Debtor debtor@example.com is unknown to this gateway</html>';

/** What becomes of a message that meets each fault, over HTTP. */
export function httpFaults({ bare, own, nameless }: HttpDifferences): FaultTable {
  const answered = (status: number, body: string, outcome: Refusal): Meeting<Fault & { kind: 'answer' }> => ({
    fault: { kind: 'answer', status, body, headers: { Location: 'http://127.0.0.1:1/' } },
    outcome,
    ...NOT_TAKEN,
  });
  return {
    ...COMMON,
    accept_then_5xx: [undefined, 500, 502, 504].map((status) => ({
      fault: { kind: 'accept_then_5xx', status },
      outcome: unknownBy(`http_${String(status ?? 503)}`),
      ...TAKEN,
    })),
    accept_then_half_answer: [
      { fault: { kind: 'accept_then_half_answer' }, outcome: unknownBy('ECONNRESET'), ...TAKEN },
    ],
    throttle: [{ fault: { kind: 'throttle' }, outcome: throttledBy('http_429'), ...NOT_TAKEN }],
    reject: [
      ...own.map(([fault, outcome]) => ({
        fault: { kind: 'reject' as const, ...fault },
        outcome,
        ...NOT_TAKEN,
      })),
      ...FAILURES.map((status) => ({
        fault: { kind: 'reject' as const, status },
        outcome: unknownBy(`http_${String(status)}`),
        ...NOT_TAKEN,
      })),
    ],
    answer: [
      ...[...REDIRECTS, ...FAILURES].map((status) =>
        answered(status, PAGE, unknownBy(`http_${String(status)}`)),
      ),
      ...Object.entries(bare).map(([status, outcome]) => answered(Number(status), PAGE, outcome)),
      ...REFUSALS.map((status) => answered(status, PAGE, rejectedBy(`http_${String(status)}`))),
      answered(429, PAGE, throttledBy('http_429')),
      ...nameless.map(([status, body]) => answered(status, body, unknownBy('unreadable_answer'))),
    ],
  };
}

/** How long every channel over HTTP waits when it is told to. */
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
  });
}
