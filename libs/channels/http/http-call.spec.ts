import { callHttp, type HttpAnswer } from './http-call.js';
import { startRaw, startUntrusted } from '#test/support/providers/index.js';
import { retryAfterMs } from './http-outcome.js';

const LIMITS = { timeoutMs: 5_000, connectTimeoutMs: 5_000 };

async function calling(
  onConnection: Parameters<typeof startRaw>[0],
  { scheme = 'http', timeoutMs = 5_000, connectTimeoutMs = 5_000 } = {},
): Promise<HttpAnswer> {
  const server = await startRaw(onConnection);
  const url = `${scheme}://127.0.0.1:${String(server.port)}/`;
  const answer = await callHttp(
    { method: 'POST', url, headers: {}, body: 'hello' },
    { timeoutMs, connectTimeoutMs },
  );
  await server.stop();
  return answer;
}

/** Answers once the request has come whole. */
const replying =
  (text: string): Parameters<typeof startRaw>[0] =>
  (socket) =>
    socket.on('data', (data) => {
      if (data.includes('hello')) socket.end(text);
    });

describe('a call over HTTP', () => {
  it('sends the request once, over a connection that is not kept', async () => {
    let request = '';
    const answer = await calling((socket) =>
      socket.on('data', (data) => {
        request += data.toString();
        if (request.endsWith('hello')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      }),
    );
    expect(answer).toMatchObject({ kind: 'answered', status: 200, body: 'ok' });
    expect(request).toMatch(/^POST \/ HTTP\/1\.1\r\n/);
    expect(request).toMatch(/\r\nHost: 127\.0\.0\.1:\d+\r\n/);
    expect(request).toMatch(/\r\nConnection: close\r\n/);
    expect(request).toMatch(/\r\nContent-Length: 5\r\n/);
  });

  it('has written nothing when the name does not resolve', async () => {
    const answer = await callHttp({ method: 'GET', url: 'https://a..invalid/', headers: {} }, LIMITS);
    expect(answer).toEqual({ kind: 'failed', written: false, code: 'ENOTFOUND' });
  });

  it('has written nothing when the peer never completes TLS', async () => {
    const received: Buffer[] = [];
    const answer = await calling((socket) => socket.on('data', (data) => received.push(data)), {
      scheme: 'https',
      connectTimeoutMs: 40,
    });
    expect(answer).toEqual({ kind: 'failed', written: false, code: 'connect_timeout' });
    expect(Buffer.concat(received).includes('hello')).toBe(false);
  });

  it('has written nothing when the peer speaks no TLS', async () => {
    const answer = await calling((socket) => socket.write('220 I am no web server\r\n'), { scheme: 'https' });
    expect(answer).toMatchObject({ kind: 'failed', written: false });
  });

  it('has written nothing to a peer whose certificate cannot be trusted', async () => {
    const server = await startUntrusted();
    const url = `https://127.0.0.1:${String(server.port)}/`;
    const answer = await callHttp({ method: 'POST', url, headers: {}, body: 'hello' }, LIMITS);
    await server.stop();
    expect(answer).toMatchObject({ kind: 'failed', written: false });
    expect(server.requests()).toBe(0);
  });

  it('has written nothing when the connection is reset during TLS', async () => {
    const answer = await calling((socket) => socket.once('data', () => socket.resetAndDestroy()), {
      scheme: 'https',
    });
    expect(answer).toEqual({ kind: 'failed', written: false, code: 'ECONNRESET' });
  });

  it.each([
    ['is reset', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'ECONNRESET'],
    ['is closed without an answer', replying(''), 'ECONNRESET'],
    ['breaks off within the head', replying('HTTP/1.1 200 O'), 'HPE_INVALID_EOF_STATE'],
    [
      'breaks off within the body',
      replying('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
      'ECONNRESET',
    ],
    ['brings no HTTP', replying('220 hello\r\n'), 'HPE_INVALID_CONSTANT'],
    [
      'never stops answering',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n');
        socket.write('x'.repeat(1_500_000));
      },
      'answer_too_large',
    ],
  ] satisfies [string, Parameters<typeof startRaw>[0], string][])(
    'may have been processed when the connection %s',
    async (_how, onConnection, code) => {
      const answer = await calling(onConnection);
      expect(answer).toMatchObject({ kind: 'failed', written: true });
      expect(answer.kind === 'failed' && [code, 'ECONNRESET', 'EPIPE']).toContain(
        'code' in answer && answer.code,
      );
    },
  );

  it('may have been processed when the answer trickles past the budget', async () => {
    const answer = await calling((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nh'), {
      timeoutMs: 60,
    });
    expect(answer).toEqual({ kind: 'failed', written: true, code: 'timeout' });
  });

  it('takes an answer that comes before the request was read whole', async () => {
    const answer = await calling((socket) =>
      socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n'),
    );
    expect(answer).toMatchObject({ kind: 'answered', status: 413 });
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1, 12, 0, 0);
  it.each([
    ['120', 120_000],
    ['0.5', 500],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, expected) => {
    const actual = retryAfterMs(header, now);
    expect(actual).toBe(expected);
  });
});
