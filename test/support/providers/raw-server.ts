import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import withPublicCertificate from 'smtp-server/lib/tls-options.js';
import { Listener } from './listener.js';

/** A TCP server that does with each connection what it is told: for peers that speak no protocol, or half of one. */
export async function startRaw(
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; stop(): Promise<void> }> {
  const listener = new Listener(createServer(onConnection));
  await listener.listen();
  return { port: listener.port, stop: () => listener.close() };
}

/** A web server over TLS whose certificate nobody trusts; counts the requests it was nevertheless given. */
export async function startUntrusted(): Promise<{ port: number; requests(): number; stop(): Promise<void> }> {
  let requests = 0;
  const server = createHttpsServer(withPublicCertificate(), (_request, response) => {
    requests += 1;
    response.end();
  });
  const listener = new Listener(server);
  await listener.listen();
  return { port: listener.port, requests: () => requests, stop: () => listener.close() };
}
