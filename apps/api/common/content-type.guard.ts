import { Injectable, SetMetadata, applyDecorators } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiConsumes } from '@nestjs/swagger';
import type { ApiRequest } from './api-request.js';
import { Problem } from './problem.js';

export const CONSUMES = 'kindly:consumes';
const JSON_BODY = 'application/json';

/** The route takes a body of this type instead of JSON, and reads it from the request as a stream. */
export const Consumes = (type: string): MethodDecorator =>
  applyDecorators(SetMetadata(CONSUMES, type), ApiConsumes(type));

const hasBody = (request: ApiRequest): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

/** Refuses a body of another type than the route takes; a request without a body passes. */
@Injectable()
export class ContentTypeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const wanted = this.reflector.get<string | undefined>(CONSUMES, context.getHandler()) ?? JSON_BODY;
    const request = context.switchToHttp().getRequest<ApiRequest>();
    if (!hasBody(request) || request.is(wanted) !== false) return true;
    throw new Problem('unsupported-media-type', `This route takes ${wanted}.`);
  }
}
