import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { givenEnvironment, ownEnvironment, tlsOf } from './temporal-settings.mjs';

describe('the environment of Temporal', () => {
  it('is nobody else’s without TEMPORAL_ADDRESS', () => {
    expect(givenEnvironment({ TEMPORAL_NAMESPACE: 'kindly', TEMPORAL_ADDRESS: ' ' })).toBeUndefined();
  });

  it('names the namespace and the encryption of a given cluster', () => {
    const given = {
      TEMPORAL_ADDRESS: 'cluster:7233',
      TEMPORAL_NAMESPACE: 'kindly',
      TEMPORAL_TLS_CA_FILE: 'ca.pem',
    };
    expect(givenEnvironment(given)).toEqual({
      ...given,
      TEMPORAL_TLS: '',
      TEMPORAL_TLS_SERVER_NAME: '',
      TEMPORAL_TLS_CA_FILE: resolve('ca.pem'),
      TEMPORAL_TLS_CERT_FILE: '',
      TEMPORAL_TLS_KEY_FILE: '',
    });
    expect(givenEnvironment({ TEMPORAL_ADDRESS: 'cluster:7233' })).toMatchObject({
      TEMPORAL_NAMESPACE: 'default',
    });
  });

  it('hides from the programs of an own server what was meant for another', () => {
    expect(ownEnvironment('127.0.0.1:7233')).toMatchObject({
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_TLS: '',
      TEMPORAL_TLS_CA_FILE: '',
    });
  });
});

describe('the encryption of Temporal', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'temporal-tls-'));
    for (const name of ['ca', 'crt', 'key']) writeFileSync(join(directory, name), name);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is off unless something asks for it', async () => {
    expect(await tlsOf(ownEnvironment('127.0.0.1:7233'))).toBeUndefined();
    expect(await tlsOf({ TEMPORAL_TLS: 'false', TEMPORAL_TLS_SERVER_NAME: 'x' })).toBeUndefined();
  });

  it('trusts the system without files', async () => {
    expect(await tlsOf({ TEMPORAL_TLS: 'true' })).toEqual({});
  });

  it('reads the certificates that are named', async () => {
    const tls = await tlsOf({
      TEMPORAL_TLS_SERVER_NAME: 'temporal.example',
      TEMPORAL_TLS_CA_FILE: join(directory, 'ca'),
      TEMPORAL_TLS_CERT_FILE: join(directory, 'crt'),
      TEMPORAL_TLS_KEY_FILE: join(directory, 'key'),
    });
    expect(tls).toEqual({
      serverNameOverride: 'temporal.example',
      serverRootCACertificate: Buffer.from('ca'),
      clientCertPair: { crt: Buffer.from('crt'), key: Buffer.from('key') },
    });
  });
});
