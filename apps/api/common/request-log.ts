import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from '#observability/logger.js';
import type { ApiRequest } from './api-request.js';

/** The pattern, not the path: an external id may be somebody's name. */
const routeOf = (request: Request): string => {
  const route: unknown = request.route;
  return typeof route === 'object' && route !== null ? String(Reflect.get(route, 'path')) : '(none)';
};

const factsOf = (request: ApiRequest, response: Response, startedAt: number): object => ({
  request: request.id,
  method: request.method,
  route: routeOf(request),
  status: response.statusCode,
  ms: Math.round(performance.now() - startedAt),
  ...(request.caller?.kind === 'api-key'
    ? { organisation: request.caller.organisationId, key: request.caller.keyId }
    : {}),
});

/** A line for every request when it has been answered, or when the client went away. */
export const logRequests =
  (logger: Logger): RequestHandler =>
  (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    response.once('close', () => {
      logger.info(
        factsOf(request as ApiRequest, response, startedAt),
        response.writableFinished ? 'answered' : 'aborted',
      );
    });
    next();
  };
