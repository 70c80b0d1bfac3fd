import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { CallFailure, failureCode } from '#channels/failure.js';

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Absolute, `https:` or `http:`. */
  url: string;
  headers: Record<string, string>;
  body?: string;
}

/** `failed.written` is false only when not one byte of the request can have left: the provider certainly has nothing. */
export type HttpAnswer =
  | { kind: 'answered'; status: number; headers: IncomingHttpHeaders; body: string }
  | { kind: 'failed'; written: boolean; code: string };

/** Milliseconds. `timeoutMs` bounds the whole call, `connectTimeoutMs` its first part: name look-up, TCP and TLS. */
export interface HttpLimits {
  timeoutMs: number;
  connectTimeoutMs: number;
}

/** Providers answer in a few hundred bytes; what never ends must not fill the memory. */
const LONGEST_ANSWER = 1_000_000;

/**
 * One request over one socket of its own, in two parts, so that it is known and not guessed whether the request was
 * written: first the socket is connected and secured, and only then is it given to the request. No connection is kept
 * alive, for a reset of a reused one is ambiguous; no redirect is followed, no proxy used, nothing is tried again.
 */
export async function callHttp(request: HttpRequest, limits: HttpLimits): Promise<HttpAnswer> {
  const endsAt = performance.now() + limits.timeoutMs;
  const url = new URL(request.url);
  let socket: Socket;
  try {
    socket = await openSocket(url, Math.min(limits.connectTimeoutMs, limits.timeoutMs));
  } catch (error) {
    return { kind: 'failed', written: false, code: failureCode(error) };
  }
  const remaining = endsAt - performance.now();
  if (remaining <= 0) {
    socket.destroy();
    return { kind: 'failed', written: false, code: 'connect_timeout' };
  }
  try {
    return await exchange(socket, url, request, remaining);
  } catch (error) {
    return { kind: 'failed', written: true, code: failureCode(error) };
  } finally {
    socket.destroy();
  }
}

/** A socket over which the request could be written at once: connected, and with `https:` secured and verified. */
function openSocket(url: URL, timeoutMs: number): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'https:';
  const port = Number(url.port) || (secure ? 443 : 80);
  return new Promise((resolve, reject) => {
    const servername = isIP(host) ? undefined : host;
    const socket = secure
      ? connectTls({ host, port, servername, ALPNProtocols: ['http/1.1'] })
      : connectPlain({ host, port, noDelay: true });
    const timer = setTimeout(() => socket.destroy(new CallFailure('connect_timeout')), timeoutMs);
    socket.on('error', reject);
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new CallFailure('closed'));
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

function exchange(socket: Socket, url: URL, request: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const answered = new Promise<HttpAnswer>((resolve, reject) => {
    timer = setTimeout(() => {
      reject(new CallFailure('timeout'));
    }, timeoutMs);
    const outgoing = httpRequest({
      createConnection: () => socket,
      method: request.method,
      path: url.pathname + url.search,
      headers: { ...request.headers, Host: url.host, ...lengthOf(request.body) },
    });
    outgoing.on('error', reject);
    outgoing.once('response', (incoming) => {
      readAnswer(incoming).then(resolve, reject);
    });
    outgoing.end(request.body);
  });
  return answered.finally(() => {
    clearTimeout(timer);
  });
}

const lengthOf = (body: string | undefined): Record<string, number> =>
  body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };

async function readAnswer(incoming: IncomingMessage): Promise<HttpAnswer> {
  let body = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming as AsyncIterable<string>) {
    body += chunk;
    if (body.length > LONGEST_ANSWER) throw new CallFailure('answer_too_large');
  }
  return { kind: 'answered', status: incoming.statusCode ?? 0, headers: incoming.headers, body };
}
