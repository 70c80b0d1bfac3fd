import { types } from 'node:util';
import { HttpException } from '@nestjs/common';
import { databaseProblem } from './database-failure.js';
import { Problem } from './problem.js';

/** What Express's body parser says (`type` of http-errors), as a problem. */
const BODY_FAILURES: Readonly<Record<string, () => Problem>> = {
  'entity.parse.failed': () => new Problem('malformed-body', 'The body is not JSON.'),
  'entity.too.large': () => new Problem('too-large', 'The body is larger than 1 MB.'),
  'encoding.unsupported': () =>
    new Problem(
      'unsupported-media-type',
      'The Content-Encoding is not one of gzip, deflate, br and identity.',
    ),
  'charset.unsupported': () => new Problem('unsupported-media-type', 'The charset must be UTF-8.'),
  'request.aborted': () => new Problem('malformed-body', 'The body ended too early.'),
  'request.size.invalid': () =>
    new Problem('malformed-body', 'The body is not as long as Content-Length says.'),
};

const bodyProblem = (error: unknown): Problem | undefined => {
  const type: unknown = types.isNativeError(error) ? Reflect.get(error, 'type') : undefined;
  return typeof type === 'string' ? BODY_FAILURES[type]?.() : undefined;
};

/** An encoded body that cannot be decoded (zlib's codes), or a path with a broken escape. */
const unreadable = (error: unknown): Problem | undefined => {
  if (types.isNativeError(error) && error.name === 'URIError') {
    return new Problem('invalid-request', 'The path has a broken percent escape.', {
      remedy: 'Percent-encode the id as UTF-8.',
    });
  }
  const code: unknown = types.isNativeError(error) ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^(Z_|ERR_BROTLI|ERR__ERROR)/.test(code)
    ? new Problem('malformed-body', 'The body does not match its Content-Encoding.')
    : undefined;
};

/** What the framework says by itself, in words of ours: its own may repeat a piece of the body. */
const BY_STATUS: Readonly<Partial<Record<number, (error: HttpException) => Problem>>> = {
  400: () => new Problem('malformed-body', 'The request cannot be read.'),
  404: (error) => new Problem('unknown-route', `${error.message}.`),
  413: () => new Problem('too-large', 'The body is larger than 1 MB.'),
  415: () => new Problem('unsupported-media-type', 'The body has a type or encoding that is not taken.'),
};

const frameworkProblem = (error: unknown): Problem | undefined =>
  error instanceof HttpException ? BY_STATUS[error.getStatus()]?.(error) : undefined;

/** The framework wraps what Express and its body parser throw. */
const originOf = (error: unknown): unknown =>
  error instanceof HttpException && error.cause !== undefined ? error.cause : error;

/** Whatever was thrown, as the problem to answer with; what nobody foresaw is `internal` and has it as its cause. */
export const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  const origin = originOf(error);
  return (
    bodyProblem(origin) ??
    unreadable(origin) ??
    frameworkProblem(error) ??
    databaseProblem(origin) ??
    new Problem('internal', 'The request failed unexpectedly.', { cause: error })
  );
};
