import { HttpCode, SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { ACCESS } from './access.js';
import type { Access } from './access.js';

/** In the document, who may call; read by whoever asks for the roles of a route. */
export const ACCESS_EXTENSION = 'x-kindly-access';

/** In the document, that a route changes nothing whatever its method. */
export const SAFE_EXTENSION = 'x-kindly-safe';

export interface OperationOptions {
  /** In a few words, as `Record a payment`. */
  summary: string;
  description?: string;
  /** Roles, `public` or `root`; a role stands for those above it too. */
  allow: Access;
  /** Of a POST that changes nothing (RFC 9110, 9.2.1), so that an Idempotency-Key has no meaning for it. */
  safe?: true;
  /** 200 unless given; 204 has no body. */
  status?: 200 | 201 | 202 | 204;
  /** What the answer looks like. */
  returns?: z.ZodType;
  /** Of a file, instead of `returns`. */
  produces?: string;
}

const SENTENCES: Record<number, string> = { 200: 'Done.', 201: 'Created.', 202: 'Accepted.', 204: 'Done.' };

const answerOf = ({ status = 200, returns, produces }: OperationOptions): MethodDecorator => {
  const description = SENTENCES[status] ?? 'Done.';
  if (produces === undefined) return ApiResponse({ status, description, standardSchema: returns });
  const content = { [produces]: { schema: { type: 'string', format: 'binary' } } };
  return ApiResponse({ status, description, content });
};

/** Everything about a route besides its path: who may use it, what it answers, and its page in the documentation. */
export const Operation = (options: OperationOptions): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, options.allow),
    HttpCode(options.status ?? 200),
    ApiOperation({ summary: options.summary, description: options.description }),
    ApiExtension(ACCESS_EXTENSION, options.allow),
    ...(options.safe ? [ApiExtension(SAFE_EXTENSION, true)] : []),
    answerOf(options),
  );
