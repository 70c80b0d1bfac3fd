import type { Outcome } from '#channels/channel.js';
import type { HttpAnswer } from '#channels/http/http-call.js';

export type Answered = Extract<HttpAnswer, { kind: 'answered' }>;

/** What differs between providers that speak HTTP; all else is the same for them and stands in `outcomeOfHttp`. */
export interface HttpRules {
  /** The provider's name for the message, read from a 2xx answer; undefined when the answer cannot be understood. */
  providerId(answer: Answered): string | undefined;
  /** A 4xx answer other than 408 and 429. */
  refusal(answer: Answered): Outcome;
  /** How long a 429 asks to wait, where the provider says so in its own way and not in Retry-After. */
  ownRetryAfterMs?(answer: Answered): number | undefined;
  /** The wait after a 429 that names none. */
  defaultRetryAfterMs: number;
}

const SHORTEST_WAIT = 1_000;
const LONGEST_WAIT = 24 * 60 * 60 * 1_000;

/**
 * The one place where HTTP becomes an outcome. Only a 2xx is an acceptance and only a 4xx a refusal; whatever else comes
 * back for a request that was written (3xx, 5xx, half an answer, silence) leaves open whether it was processed. So does
 * 408: RFC 9110, 15.5.9 has the server give up waiting, but a gateway may send it while its upstream goes on.
 */
export function outcomeOfHttp(answer: HttpAnswer, rules: HttpRules): Outcome {
  if (answer.kind === 'failed')
    return { kind: answer.written ? 'unknown' : 'not_reached', code: answer.code };
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const providerId = rules.providerId(answer);
    return providerId === undefined
      ? { kind: 'unknown', code: 'unreadable_answer' }
      : { kind: 'accepted', providerId };
  }
  if (status === 429) return throttled('http_429', answer, rules);
  if (status >= 400 && status < 500 && status !== 408) return rules.refusal(answer);
  return { kind: 'unknown', code: `http_${String(status)}` };
}

export function throttled(
  code: string,
  answer: Answered,
  rules: Omit<HttpRules, 'refusal' | 'providerId'>,
): Outcome {
  const asked = rules.ownRetryAfterMs?.(answer) ?? retryAfterMs(answer.headers['retry-after']);
  const wait = asked ?? rules.defaultRetryAfterMs;
  const bounded = Math.min(LONGEST_WAIT, Math.max(SHORTEST_WAIT, wait));
  return { kind: 'throttled', code, retryAfterMs: bounded, wholeSender: true };
}

/** Retry-After in milliseconds, from seconds or an HTTP date (RFC 9110, 10.2.3); undefined when absent or unreadable. */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Math.ceil(Number(header) * 1_000);
  const date = /[a-z]{3}/i.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * The status alone as an answer that says nothing about the address. 401 and 403 are about the account (a key that has
 * expired, a sender that is not verified): nothing was processed, and every message would meet the same until somebody
 * mends it, so the message is no more at fault than with a provider that is down. The others refuse the request.
 */
export const refusedByStatus = (answer: Answered): Outcome =>
  answer.status === 401 || answer.status === 403
    ? notReachedByStatus(answer)
    : { kind: 'rejected', code: `http_${String(answer.status)}`, addressIsBad: false };

/** The account, and with it everything that it sends, was turned away unprocessed. */
export const notReachedByStatus = ({ status }: Answered): Outcome => ({
  kind: 'not_reached',
  code: `http_${String(status)}`,
});

/** The body as JSON, or undefined: an answer that is no JSON is an expected failure of a gateway in between. */
export function jsonOf(answer: Answered): unknown {
  try {
    return JSON.parse(answer.body) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A property of a value that came from outside, undefined when there is none. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}
