import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Caller } from './caller.js';

export interface ApiRequest extends Request {
  /** As in the header X-Request-Id of the answer, and in the log. */
  id: string;
  /** Set by the guard; absent on public routes. */
  caller?: Caller;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Names each request, by the client's X-Request-Id where it is a sound one, and sets the headers of every answer. */
export const introduceRequest = (request: Request, response: Response, next: NextFunction): void => {
  const given = request.header('x-request-id');
  const id = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
  Object.assign(request, { id });
  response.setHeader('X-Request-Id', id);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  next();
};
