import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tlsOf } from './temporal-tls.js';

describe('the encryption of the connection to Temporal', () => {
  it('is off without settings, and trusts the system where no file is named', async () => {
    expect(await tlsOf(undefined)).toBeUndefined();
    expect(await tlsOf({ serverName: 'temporal.example' })).toEqual({
      serverNameOverride: 'temporal.example',
    });
  });

  it('reads the certificates that are named, and says which one is not there', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'temporal-tls-'));
    const files = ['ca', 'crt', 'key'].map((name) => join(directory, name));
    files.forEach((file) => writeFileSync(file, file));
    const [caFile, certFile, keyFile] = files as [string, string, string];
    expect(await tlsOf({ caFile, certFile, keyFile })).toEqual({
      serverRootCACertificate: Buffer.from(caFile),
      clientCertPair: { crt: Buffer.from(certFile), key: Buffer.from(keyFile) },
    });
    rmSync(directory, { recursive: true });
    await expect(tlsOf({ caFile })).rejects.toThrow(caFile);
  });
});
