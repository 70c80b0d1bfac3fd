import { readFile } from 'node:fs/promises';
import type { TemporalTlsConfig } from './config.js';

/** As the clients of Temporal take it. */
export interface TemporalTls {
  serverNameOverride?: string;
  serverRootCACertificate?: Buffer;
  clientCertPair?: { crt: Buffer; key: Buffer };
}

/** Reads the certificates that a configuration names. @throws Error of the file system, naming the file */
export async function tlsOf(tls: TemporalTlsConfig | undefined): Promise<TemporalTls | undefined> {
  if (!tls) return undefined;
  const read = async (file: string | undefined): Promise<Buffer | undefined> =>
    file ? readFile(file) : undefined;
  const [ca, crt, key] = [await read(tls.caFile), await read(tls.certFile), await read(tls.keyFile)];
  return {
    serverNameOverride: tls.serverName,
    serverRootCACertificate: ca,
    ...(crt && key ? { clientCertPair: { crt, key } } : {}),
  };
}
