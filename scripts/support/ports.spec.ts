import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { freePort } from './ports.mjs';

const takenUnless = (free: number) => (port: number) => Promise.resolve(port === free ? port : undefined);

describe('freePort', () => {
  it('gives the preferred port when it is free', async () => {
    await expect(freePort(3000, { probe: takenUnless(3000) })).resolves.toBe(3000);
  });

  it('gives the next free port when the preferred ones are taken', async () => {
    await expect(freePort(3000, { probe: takenUnless(3002) })).resolves.toBe(3002);
  });

  it('says which ports it tried when none is free', async () => {
    await expect(freePort(3000, { attempts: 3, probe: takenUnless(0) })).rejects.toThrow(
      'from 3000 to 3002 is taken',
    );
  });

  it('does not look past the last port there is', async () => {
    await expect(freePort(65_530, { probe: takenUnless(0) })).rejects.toThrow('from 65530 to 65535');
  });

  it.each(['127.0.0.1', '0.0.0.0'])('finds a port taken that a real server on %s holds', async (host) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as AddressInfo;
    await expect(freePort(port)).resolves.toBeGreaterThan(port);
    await new Promise((resolve) => server.close(resolve));
  });

  it('lets the operating system choose for 0', async () => {
    await expect(freePort(0)).resolves.toBeGreaterThan(0);
  });
});
