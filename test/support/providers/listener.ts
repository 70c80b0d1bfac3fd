import type { AddressInfo, Server, Socket } from 'node:net';

/** Listening and its end, the same for every protocol: one port for life, all sockets known, all of them closed. */
export class Listener {
  port = 0;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      // A client may reset at any moment; that is what these servers are for.
      socket.on('error', () => socket.destroy());
    });
  }

  /** On an ephemeral port of 127.0.0.1 the first time, on the same one after. Keeps no process alive. */
  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, '127.0.0.1', () => {
        this.server.off('error', reject);
        this.port = (this.server.address() as AddressInfo).port;
        this.server.unref();
        resolve();
      });
    });
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.server.close((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** The connection a client opened from this port of its own. */
  socketFrom(remotePort: number): Socket | undefined {
    return [...this.sockets].find((socket) => socket.remotePort === remotePort);
  }
}
