import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { checkEndpointUrl } from './endpoint-url.js';
import { publicLookup } from './address-guard.js';

/** What an endpoint answered: its HTTP status, or the code of what kept it from answering. */
export type PostResult = { kind: 'answered'; status: number } | { kind: 'failed'; code: string };

export interface PostRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Of the whole call. */
  timeoutMs: number;
  allowPrivate: boolean;
}

/** Posts once; follows no redirect, reads no body, keeps no connection. */
export async function post({
  url: text,
  headers,
  body,
  timeoutMs,
  allowPrivate,
}: PostRequest): Promise<PostResult> {
  const checked = checkEndpointUrl(text, allowPrivate);
  if (!checked.ok) return { kind: 'failed', code: 'forbidden_address' };
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    ...(allowPrivate ? {} : { lookup: publicLookup }),
  };
  try {
    return { kind: 'answered', status: await exchange(checked.url, options, body) };
  } catch (error) {
    return { kind: 'failed', code: codeOf(error) };
  }
}

const exchange = (url: URL, options: RequestOptions, body: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage): void => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    };
    const request =
      url.protocol === 'https:' ? httpsRequest(url, options, answered) : httpRequest(url, options, answered);
    request.on('error', reject);
    request.end(body);
  });

/** `ECONNREFUSED`, `ENOTFOUND`, `timeout`: never a message, which quotes hosts. */
function codeOf(error: unknown): string {
  const { name, code, errors } = error as { name?: unknown; code?: unknown; errors?: unknown[] };
  if (name === 'AbortError' || name === 'TimeoutError') return 'timeout';
  if (typeof code === 'string') return code;
  // Several addresses of one host failed together.
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : 'error';
}
