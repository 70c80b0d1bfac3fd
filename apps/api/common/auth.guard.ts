import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS } from './access.js';
import type { Access } from './access.js';
import { hashToken } from './api-key-token.js';
import type { ApiRequest } from './api-request.js';
import type { Caller } from './caller.js';
import { KeyLookup } from './key-lookup.js';
import { Problem } from './problem.js';
import { permits } from './roles.js';
import type { Role } from './roles.js';
import { SETTINGS } from './settings.js';
import type { ApiSettings } from './settings.js';

const BEARER = /^Bearer +(\S+) *$/i;

const tokenOf = (request: ApiRequest): string => {
  const token = BEARER.exec(request.header('authorization') ?? '')?.[1];
  if (token === undefined)
    throw new Problem('unauthenticated', 'The request has no "Authorization: Bearer …" header.');
  return token;
};

const refuseUnlessPermitted = (role: Role, allowed: readonly Role[]): void => {
  if (permits(role, allowed)) return;
  const who = allowed.length > 0 ? `a key with the role ${allowed.join(' or ')}, or a higher one` : 'nobody';
  throw new Problem('forbidden', `This is for ${who}; this key has the role ${role}.`);
};

/** Lets a request in by its key's role; a route that says nothing about access is closed. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly rootHash: Buffer | undefined;

  constructor(
    private readonly reflector: Reflector,
    private readonly keys: KeyLookup,
    @Inject(SETTINGS) settings: ApiSettings,
  ) {
    this.rootHash = settings.rootKey === undefined ? undefined : hashToken(settings.rootKey);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.accessOf(context);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<ApiRequest>();
    request.caller = await this.callerOf(tokenOf(request), access);
    return true;
  }

  private accessOf(context: ExecutionContext): Access {
    const places = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<Access | undefined>(ACCESS, places) ?? [];
  }

  private async callerOf(token: string, access: Exclude<Access, 'public'>): Promise<Caller> {
    const isRoot = this.rootHash !== undefined && timingSafeEqual(hashToken(token), this.rootHash);
    if (access === 'root') {
      if (isRoot) return { kind: 'root' };
      await this.known(token);
      throw new Problem('forbidden', 'This is for the root key of the installation.', {
        remedy: 'Use the root key from the configuration of the API.',
      });
    }
    if (isRoot) throw new Problem('forbidden', 'The root key only creates organisations.');
    const caller = await this.known(token);
    refuseUnlessPermitted(caller.role, access);
    return caller;
  }

  private async known(token: string): Promise<Extract<Caller, { kind: 'api-key' }>> {
    const caller = await this.keys.find(token);
    if (!caller) throw new Problem('unauthenticated', 'The key is unknown or was revoked.');
    return caller;
  }
}
