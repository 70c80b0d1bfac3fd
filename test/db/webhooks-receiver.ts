import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Received {
  headers: Record<string, string>;
  body: string;
}

/** A subscriber's endpoint on this machine: keeps what comes, and answers as it is told. */
export interface WebhookReceiver {
  url: string;
  received: Received[];
  /** Answers to give, in turn; then 200. `hang` never answers. */
  answers: (number | 'hang')[];
  close(): Promise<void>;
}

export const startReceiver = async (): Promise<WebhookReceiver> => {
  const received: Received[] = [];
  const answers: (number | 'hang')[] = [];
  const server = createServer((request, response) => {
    void keep(request).then((each) => {
      received.push(each);
      const answer = answers.shift() ?? 200;
      if (answer === 'hang') return;
      response.writeHead(answer, { location: 'http://127.0.0.1:1/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${port}/hook`, received, answers, close };
};

const keep = async (request: IncomingMessage): Promise<Received> => ({
  headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
  body: (await buffer(request)).toString(),
});
