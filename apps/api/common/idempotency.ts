import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { Scope } from '#engine/scope.js';
import type { ApiRequest } from './api-request.js';
import { Problem } from './problem.js';

/** A request with an Idempotency-Key: what must be the same for the answer to be given again. */
export interface IdempotentRequest {
  key: string;
  /** Method and path. */
  route: string;
  bodyHash: Buffer;
  status: number;
}

export interface IdempotentAnswer<T> {
  answer: T;
  replayed: boolean;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws {Problem} when the header is there, but empty, too long or not of visible ASCII */
const idempotencyKeyOf = (request: ApiRequest): string | undefined => {
  const key = request.header('idempotency-key');
  if (request.method !== 'POST' || key === undefined) return undefined;
  if (KEY.test(key)) return key;
  throw new Problem('invalid-request', 'The header Idempotency-Key is not valid.', {
    errors: [{ path: 'Idempotency-Key', message: 'write 1 to 255 visible ASCII characters, as a uuid' }],
  });
};

const routeOf = (request: ApiRequest): string => {
  const path = request.originalUrl.split('?', 1)[0] ?? '';
  return `${request.method} ${path}`;
};

/** Of the query too: it is part of what was asked. */
const hashOf = (request: ApiRequest): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([request.query, request.body ?? null]))
    .digest();

/** What makes this request a repetition of another; undefined when it has no Idempotency-Key. @throws {Problem} */
export const idempotentRequestOf = (
  request: ApiRequest,
  response: Response,
): IdempotentRequest | undefined => {
  const key = idempotencyKeyOf(request);
  return key === undefined
    ? undefined
    : { key, route: routeOf(request), bodyHash: hashOf(request), status: response.statusCode };
};

/** The answer, with the header that says whether it was given before. */
export const tellReplayed = <T>({ answer, replayed }: IdempotentAnswer<T>, response: Response): T => {
  if (replayed) response.setHeader('Idempotency-Replayed', 'true');
  return answer;
};

/**
 * Inserted before the work: a second request with the key waits at the unique index until the first has committed,
 * and then finds its answer, or has been given way.
 */
const CLAIM = `
  insert into idempotency_key (organisation_id, key, route, body_hash, status) values ($1, $2, $3, $4, $5)
  on conflict do nothing returning 1 as claimed`;

const FIND = `
  select body_hash, response from idempotency_key where organisation_id = $1 and key = $2 and route = $3`;

const ANSWER = `
  update idempotency_key set response = $4 where organisation_id = $1 and key = $2 and route = $3`;

/** The stored answer to this request, if its key was used before. @throws {Problem} when it was for another body */
export const storedAnswer = async <T>(
  scope: Scope,
  { key, route, bodyHash }: IdempotentRequest,
): Promise<{ answer: T } | undefined> => {
  const [row] = await scope.manager.query<{ body_hash: Buffer; response: T }[]>(FIND, [
    scope.organisationId,
    key,
    route,
  ]);
  if (!row) return undefined;
  if (!row.body_hash.equals(bodyHash)) {
    throw new Problem(
      'idempotency-key-reused',
      'This Idempotency-Key came before with another body or query.',
    );
  }
  return { answer: row.response };
};

/**
 * Does the work once for each Idempotency-Key of a route: the answer is stored in the transaction of the effect, so
 * there is never one without the other.
 */
export const once = async <T>(
  scope: Scope,
  request: IdempotentRequest,
  work: () => Promise<T>,
  remember: (answer: T) => unknown = (answer) => answer,
): Promise<IdempotentAnswer<T>> => {
  const id = [scope.organisationId, request.key, request.route];
  const claimed = await scope.manager.query<unknown[]>(CLAIM, [...id, request.bodyHash, request.status]);
  if (claimed.length === 0) {
    const stored = await storedAnswer<T>(scope, request);
    if (!stored)
      throw new Problem('busy', 'The first request with this key is being undone.', { retryAfter: 1 });
    return { answer: stored.answer, replayed: true };
  }
  const answer = await work();
  await scope.manager.query(ANSWER, [...id, JSON.stringify(remember(answer) ?? null)]);
  return { answer, replayed: false };
};
