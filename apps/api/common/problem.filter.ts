import { Catch, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import type { Logger } from '#observability/logger.js';
import type { ApiRequest } from './api-request.js';
import { problemDetails } from './problem.js';
import type { Problem } from './problem.js';
import { LOGGER } from './settings.js';
import { toProblem } from './to-problem.js';

/** Answers every failure as RFC 9457 says, and logs those that are ours. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<ApiRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    // The client went away in the middle of its body: there is nobody to answer, and nothing failed here.
    if (request.destroyed && !request.complete) return;
    const problem = toProblem(error);
    this.log(problem, request);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    this.answer(problem, request, response);
  }

  private log(problem: Problem, request: ApiRequest): void {
    if (problem.status < 500) return;
    this.logger.error({ request: request.id, problem: problem.kind, err: problem.cause }, 'request failed');
  }

  private answer(problem: Problem, request: ApiRequest, response: Response): void {
    if (problem.retryAfter !== undefined) response.setHeader('Retry-After', String(problem.retryAfter));
    if (problem.kind === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer realm="kindly"');
    // A body nobody will read any more: the connection cannot be used again.
    if (!request.complete) response.setHeader('Connection', 'close');
    const instance = request.originalUrl.split('?', 1)[0] ?? '/';
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemDetails(problem, { instance, requestId: request.id })));
  }
}
