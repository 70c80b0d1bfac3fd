import { connect, createServer } from 'node:net';

const LAST_PORT = 65_535;

/** @typedef {(port: number) => Promise<number | undefined>} PortProbe  the bound port, or `undefined` when it is taken */

/**
 * The first port from `preferred` upwards that nothing listens on; 0 asks the operating system for any.
 * Someone else may take it before its user does: whoever binds it must be ready to ask again.
 * @param {number} preferred
 * @param {{ attempts?: number, probe?: PortProbe }} [options]
 */
export async function freePort(preferred, { attempts = 100, probe = bindOnce } = {}) {
  const last = Math.min(preferred + attempts - 1, LAST_PORT);
  for (let port = preferred; port <= last; port++) {
    const bound = await probe(port);
    if (bound !== undefined) return bound;
  }
  throw new Error(
    `every port from ${preferred} to ${last} is taken; stop what listens there or choose another port`,
  );
}

/** A port is free when both a server for this machine only and one for every address could have it. @type {PortProbe} */
async function bindOnce(port) {
  const loopback = await listen(port, '127.0.0.1');
  if (loopback === undefined || port === 0) return loopback;
  return listen(port, undefined);
}

/** @param {number} port @param {string | undefined} host @returns {Promise<number | undefined>} */
function listen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    );
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

/** Whether something on this machine takes connections there. @param {number} port @returns {Promise<boolean>} */
export function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
