/** A failure that this installation noticed itself; `code` is a machine-readable word, never a provider's free text. */
export class CallFailure extends Error {
  constructor(readonly code: string) {
    super(code);
    this.name = 'CallFailure';
  }
}

const SYSTEM_CODE = /^[A-Za-z][A-Za-z0-9_]{1,60}$/;

/**
 * The code of a failed call: Node's (`ECONNREFUSED`, `ERR_TLS_CERT_ALTNAME_INVALID`, `HPE_INVALID_CONSTANT`) or our own.
 * @throws the error itself when it carries no code: then it is a bug, not a failure of the network.
 */
export function failureCode(error: unknown): string {
  const code = codeIn(error);
  if (code !== undefined && SYSTEM_CODE.test(code)) return code;
  throw error;
}

/** The code that an error carries: Node's, a protocol's or an SQLSTATE; undefined where there is none that is a word. */
export function codeIn(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined;
}
