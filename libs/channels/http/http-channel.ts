import type { Channel } from '#channels/channel.js';
import { callHttp, type HttpLimits, type HttpRequest } from '#channels/http/http-call.js';

/** Milliseconds; what every provider over HTTP can be told. */
export interface HttpTimeouts {
  /** For name look-up, TCP and TLS together; 10 s unless told. */
  connectTimeoutMs?: number;
  /** For `check()`; 10 s unless told. */
  checkTimeoutMs?: number;
}

type Check = Awaited<ReturnType<Channel['check']>>;

const DEFAULT_TIMEOUT = 10_000;

export const limitsOf = (timeouts: HttpTimeouts, timeoutMs: number): HttpLimits => ({
  timeoutMs,
  connectTimeoutMs: timeouts.connectTimeoutMs ?? DEFAULT_TIMEOUT,
});

/** An http(s) URL from configuration. @param name what to call it in the error, `twilio: statusCallbackUrl` */
export function httpUrlOf(name: string, text: string, example: string): URL {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text);
  throw new Error(`${name} "${text}" is not an http(s) URL; write it like ${example}`);
}

/** The origin to call, without a slash at its end. @throws Error naming the provider when it is none. */
export const baseUrlOf = (provider: string, configured: string | undefined, standard: string): string =>
  httpUrlOf(`${provider}: baseUrl`, configured ?? standard, standard).href.replace(/\/$/, '');

/** Asks the provider something harmless; `understood` says what a 200 means, everything else is told by its status. */
export async function checkHttp(
  request: HttpRequest,
  timeouts: HttpTimeouts,
  remedy: string,
  understood: (body: string) => Check,
): Promise<Check> {
  const answer = await callHttp(request, limitsOf(timeouts, timeouts.checkTimeoutMs ?? DEFAULT_TIMEOUT));
  const { host } = new URL(request.url);
  if (answer.kind === 'failed') {
    const detail = `${host} gave no answer (${answer.code})`;
    return { ok: false, detail, remedy: `let this host reach ${host}, or correct the base URL` };
  }
  if (answer.status === 200) return understood(answer.body);
  return { ok: false, detail: `${host} answered ${String(answer.status)}`, remedy };
}
