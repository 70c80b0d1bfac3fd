import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { ApiRequest } from './api-request.js';
import { Problem } from './problem.js';
import type { Role } from './roles.js';

export interface KeyCaller {
  kind: 'api-key';
  organisationId: string;
  keyId: string;
  role: Role;
}

/** Who asks: a key of an organisation, or the installation's root key, which belongs to none. */
export type Caller = KeyCaller | { kind: 'root' };

/** @throws {Problem} unauthenticated, on a route that let anybody through */
export const keyCallerOf = (request: ApiRequest): KeyCaller => {
  if (request.caller?.kind === 'api-key') return request.caller;
  throw new Problem('unauthenticated', 'This needs a key of an organisation.');
};

/** For the audit trail. */
export const actorOf = (caller: KeyCaller): string => `api-key:${caller.keyId}`;

/** The key that asks; most controllers need none, for `run` knows it. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  keyCallerOf(context.switchToHttp().getRequest<ApiRequest>()),
);
