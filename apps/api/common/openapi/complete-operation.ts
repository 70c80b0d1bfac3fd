import type { OpenAPIObject } from '@nestjs/swagger';
import type { ProblemName } from '../problem.js';
import { ACCESS_EXTENSION, SAFE_EXTENSION } from '../operation.js';
import { problemReferences } from './problem-answers.js';

type PathItem = OpenAPIObject['paths'][string];
export type Operation = NonNullable<PathItem['get']>;
type Parameter = Extract<NonNullable<Operation['parameters']>[number], { name: string }>;

const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes a repetition safe: the same key with the same body is answered as the first time, with ' +
    '`Idempotency-Replayed: true`, and has no second effect; with another body it is refused (422). ' +
    'Kept for a day at least. Use a new uuid for each thing you do.',
  schema: { type: 'string', minLength: 1, maxLength: 255, example: '7e0f4c0a-6a53-4e43-9f6e-2f0d8d6b7c11' },
};

const ID_DESCRIPTION = 'A uuid, or `ext:` and the external id where the thing has one, as `ext:INV-2041`.';

const isParameter = (parameter: NonNullable<Operation['parameters']>[number]): parameter is Parameter =>
  'name' in parameter;

/** A POST, unless it changes nothing. */
const takesIdempotencyKey = (method: string, operation: Operation): boolean =>
  method === 'post' && Reflect.get(operation, SAFE_EXTENSION) !== true;

/** The kinds of problem that a route may answer with. */
export const problemsOf = (method: string, path: string, operation: Operation): ProblemName[] => {
  const isPublic = Reflect.get(operation, ACCESS_EXTENSION) === 'public';
  const hasInput =
    method !== 'get' || (operation.parameters ?? []).some((each) => isParameter(each) && each.in === 'query');
  return [
    ...(hasInput ? (['invalid-request'] as const) : []),
    ...(isPublic ? [] : (['unauthenticated', 'forbidden'] as const)),
    ...(path.includes('{') ? (['not-found'] as const) : []),
    ...(method === 'get' ? [] : (['conflict'] as const)),
    ...(operation.requestBody
      ? (['malformed-body', 'too-large', 'unsupported-media-type', 'unprocessable'] as const)
      : []),
    ...(takesIdempotencyKey(method, operation) ? (['idempotency-key-reused'] as const) : []),
    'database-unavailable',
    'busy',
    'internal',
  ];
};

const describeParameter = (parameter: Parameter): Parameter =>
  parameter.in === 'path' && parameter.description === undefined
    ? { ...parameter, description: ID_DESCRIPTION, example: 'ext:INV-2041' }
    : parameter;

const accessSentence = (operation: Operation): string => {
  const access: unknown = Reflect.get(operation, ACCESS_EXTENSION);
  if (Array.isArray(access)) return `For the role ${access.join(' or ')} and those above.`;
  return access === 'root' ? 'For the root key of the installation.' : 'Needs no key.';
};

/** Adds what every route of its kind has: the Idempotency-Key, the problems it may answer with, who may call it. */
export const completeOperation = (method: string, path: string, operation: Operation): Operation => {
  const isPublic = Reflect.get(operation, ACCESS_EXTENSION) === 'public';
  const parameters = (operation.parameters ?? []).map((each) =>
    isParameter(each) ? describeParameter(each) : each,
  );
  return {
    ...operation,
    description: [operation.description, accessSentence(operation)].filter(Boolean).join('\n\n'),
    parameters: takesIdempotencyKey(method, operation) ? [...parameters, IDEMPOTENCY_KEY] : parameters,
    responses: { ...operation.responses, ...problemReferences(problemsOf(method, path, operation)) },
    security: isPublic ? [] : [{ key: [] }],
  };
};
