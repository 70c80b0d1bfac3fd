import { HttpException, HttpStatus } from '@nestjs/common';
import { databaseProblem } from './database-failure.js';
import { Problem } from './problem.js';

/** What Express's body parser says (`type` of http-errors), as a problem. */
const BODY_FAILURES: Readonly<Record<string, () => Problem>> = {
  'entity.parse.failed': () => new Problem('malformed-body', 'The body is not JSON.'),
  'entity.too.large': () => new Problem('too-large', 'The body is larger than 1 MB.'),
  'encoding.unsupported': () =>
    new Problem('unsupported-media-type', 'The Content-Encoding is not one of gzip, deflate, br and identity.'),
  'charset.unsupported': () => new Problem('unsupported-media-type', 'The charset must be UTF-8.'),
  'request.aborted': () => new Problem('malformed-body', 'The body ended too early.'),
  'request.size.invalid': () => new Problem('malformed-body', 'The body is not as long as Content-Length says.'),
};

const bodyProblem = (error: unknown): Problem | undefined => {
  const type: unknown = error instanceof Error ? Reflect.get(error, 'type') : undefined;
  return typeof type === 'string' ? BODY_FAILURES[type]?.() : undefined;
};

/** An encoded body that cannot be decoded (zlib's codes), or a path with a broken escape. */
const unreadable = (error: unknown): Problem | undefined => {
  if (error instanceof URIError) {
    return new Problem('invalid-request', 'The path has a broken percent escape.', {
      remedy: 'Percent-encode the id as UTF-8.',
    });
  }
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^(Z_|ERR_BROTLI|ERR__ERROR)/.test(code)
    ? new Problem('malformed-body', 'The body does not match its Content-Encoding.')
    : undefined;
};

const frameworkProblem = (error: unknown): Problem | undefined => {
  if (!(error instanceof HttpException)) return undefined;
  const status = error.getStatus() as HttpStatus;
  if (status === HttpStatus.NOT_FOUND) return new Problem('unknown-route', `${error.message}.`);
  if (status === HttpStatus.BAD_REQUEST) return new Problem('malformed-body', error.message);
  return undefined;
};

/** Whatever was thrown, as the problem to answer with; what nobody foresaw is `internal` and has it as its cause. */
export const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  return (
    bodyProblem(error) ??
    unreadable(error) ??
    frameworkProblem(error) ??
    databaseProblem(error) ??
    new Problem('internal', 'The request failed unexpectedly.', { cause: error })
  );
};
