import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { concatMap } from 'rxjs';
import type { Observable } from 'rxjs';
import { withScope } from '#engine/scope.js';
import type { ApiRequest } from './api-request.js';
import { actorOf, keyCallerOf } from './caller.js';
import { Command } from './command.js';
import { Database } from './database.js';
import { idempotentRequestOf, once, tellReplayed } from './idempotency.js';

/** Carries out the {@link Command} a handler returned; other results pass. */
@Injectable()
export class CommandInterceptor implements NestInterceptor {
  constructor(private readonly database: Database) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const settle = async (result: unknown): Promise<unknown> =>
      result instanceof Command
        ? this.carryOut<unknown>(result, http.getRequest<ApiRequest>(), http.getResponse<Response>())
        : result;
    return next.handle().pipe(concatMap(settle));
  }

  private async carryOut<T>(command: Command<T>, request: ApiRequest, response: Response): Promise<T> {
    const caller = keyCallerOf(request);
    const inScope = <R>(work: Command<R>['work']): Promise<R> =>
      withScope(this.database.app, caller.organisationId, actorOf(caller), work);
    const idempotent = idempotentRequestOf(request, response);
    if (!idempotent) return inScope(command.work);
    const answered = await inScope((scope) =>
      once(scope, idempotent, () => command.work(scope), command.options.remember),
    );
    return tellReplayed(answered, response);
  }
}
