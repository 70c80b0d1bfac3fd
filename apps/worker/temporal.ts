import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { TemporalConfig } from '#config/config.js';
import { tlsOf } from '#config/temporal-tls.js';

/** Temporal could not be reached; says where and what to do. */
export class TemporalUnreachableError extends Error {
  override name = 'TemporalUnreachableError';
}

const PATIENCE_MS = 5 * 60_000;
const PAUSE_MS = 2_000;

export async function connectClient(config: TemporalConfig, log: (line: string) => void): Promise<Client> {
  const connection = await patiently(config, log, async () =>
    Connection.connect({ address: config.address, tls: await tlsOf(config.tls), connectTimeout: '10s' }),
  );
  return new Client({ connection, namespace: config.namespace });
}

export const connectNative = (
  config: TemporalConfig,
  log: (line: string) => void,
): Promise<NativeConnection> =>
  patiently(config, log, async () =>
    NativeConnection.connect({ address: config.address, tls: await tlsOf(config.tls) }),
  );

/** A server that is still starting, or away for a while, is waited for, saying so. */
async function patiently<T>(
  config: TemporalConfig,
  log: (line: string) => void,
  connect: () => Promise<T>,
): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      const where = `Temporal at ${config.address} does not answer.`;
      if (Date.now() > giveUpAt) {
        throw new TemporalUnreachableError(
          `${where} Is it running there? Start it, or correct TEMPORAL_ADDRESS.`,
          {
            cause: error,
          },
        );
      }
      log(`${where} Trying again in ${PAUSE_MS / 1000} s; nothing is lost meanwhile.`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
