import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

export const DEFAULT_NAMESPACE = 'default';

const FILES = ['TEMPORAL_TLS_CA_FILE', 'TEMPORAL_TLS_CERT_FILE', 'TEMPORAL_TLS_KEY_FILE'];
const TLS = ['TEMPORAL_TLS', 'TEMPORAL_TLS_SERVER_NAME', ...FILES];

/**
 * What a program needs to find a Temporal. Every variable is named: an empty one counts as not set, and hides one that
 * this process was given for another server.
 * @typedef {Record<string, string>} TemporalEnvironment
 */

/** A server of our own: no encryption. @param {string} address @returns {TemporalEnvironment} */
export const ownEnvironment = (address) => ({
  TEMPORAL_ADDRESS: address,
  TEMPORAL_NAMESPACE: DEFAULT_NAMESPACE,
  ...Object.fromEntries(TLS.map((name) => [name, ''])),
});

/**
 * The cluster that `TEMPORAL_ADDRESS` names, as the programs' configuration reads it; undefined when none is given.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {TemporalEnvironment | undefined}
 */
export function givenEnvironment(environment = process.env) {
  const given = (/** @type {string} */ name) => environment[name]?.trim() ?? '';
  const address = given('TEMPORAL_ADDRESS');
  if (address === '') return undefined;
  const value = (/** @type {string} */ name) =>
    // Programs beside this one may run in another folder.
    FILES.includes(name) && given(name) !== '' ? resolve(given(name)) : given(name);
  return {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: given('TEMPORAL_NAMESPACE') || DEFAULT_NAMESPACE,
    ...Object.fromEntries(TLS.map((name) => [name, value(name)])),
  };
}

/**
 * As a client of Temporal takes it, by the rules of `libs/config`, which may not be compiled yet when this is asked.
 * @param {TemporalEnvironment} environment
 * @returns {Promise<import('@temporalio/client').ConnectionOptions['tls']>}
 */
export async function tlsOf(environment) {
  const given = (/** @type {string} */ name) => environment[name] || undefined;
  const on = given('TEMPORAL_TLS') ?? String(TLS.some((name) => given(name) !== undefined));
  if (on !== 'true') return undefined;
  const read = async (/** @type {string} */ name) => {
    const file = given(name);
    return file === undefined ? undefined : readFile(file);
  };
  const [ca, crt, key] = await Promise.all(FILES.map(read));
  return {
    serverNameOverride: given('TEMPORAL_TLS_SERVER_NAME'),
    serverRootCACertificate: ca,
    ...(crt && key ? { clientCertPair: { crt, key } } : {}),
  };
}
