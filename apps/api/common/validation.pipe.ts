import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { ArgumentMetadata } from '@nestjs/common';
import { formatPath } from '#domain/campaign/validate.js';
import { Problem } from './problem.js';
import type { FieldError } from './problem.js';

type Schema = NonNullable<ArgumentMetadata['schema']>;
type Issues = NonNullable<Awaited<ReturnType<Schema['~standard']['validate']>>['issues']>;
type Issue = Issues[number];

const keyOf = (part: PropertyKey | { key: PropertyKey }): PropertyKey =>
  typeof part === 'object' ? part.key : part;

/** zod tells the unknown properties of an object in one issue; here each has its own path. */
const unknownKeys = (issue: Issue): string[] => {
  const keys: unknown = Reflect.get(issue, 'keys');
  return Reflect.get(issue, 'code') === 'unrecognized_keys' && Array.isArray(keys) ? keys.map(String) : [];
};

/** Issues of zod that a value may have for not being there: of a type, of a choice, of what tells one choice from another. */
const NOT_THERE = new Set<unknown>(['invalid_type', 'invalid_value', 'invalid_union']);

const isMissing = (issue: Issue, value: unknown): boolean =>
  NOT_THERE.has(Reflect.get(issue, 'code')) &&
  (issue.path ?? []).reduce<unknown>(
    (parent, part) =>
      typeof parent === 'object' && parent !== null ? Reflect.get(parent, keyOf(part)) : undefined,
    value,
  ) === undefined;

/** Of what is wrong with a value only what to write holds where there is none. */
const messageOf = (issue: Issue, value: unknown): string =>
  isMissing(issue, value) ? ['is missing', ...issue.message.split('; ').slice(1)].join('; ') : issue.message;

/** @param name of the parameter, where the schema is of one alone */
const describeIssue = (issue: Issue, value: unknown, name: string | undefined): FieldError[] => {
  const path = [...(name === undefined ? [] : [name]), ...(issue.path ?? []).map(keyOf)];
  const keys = unknownKeys(issue);
  if (keys.length === 0) return [{ path: formatPath(path), message: messageOf(issue, value) }];
  return keys.map((key) => ({
    path: formatPath([...path, key]),
    message: 'unknown property; remove it or mend its spelling',
  }));
};

const PLACES: Partial<Record<ArgumentMetadata['type'], string>> = {
  body: 'body',
  query: 'query',
  param: 'path',
};

/** Validates by the schema that a parameter decorator names, and gives the handler what the schema made of it. */
export class ValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type === 'body' && metadata.schema && value === undefined) {
      throw new Problem('invalid-request', 'The request has no body.', {
        remedy: 'Send JSON with "Content-Type: application/json".',
      });
    }
    if (!metadata.schema || !this.toValidate(metadata)) return value;
    this.stripProtoKeys(value);
    const result = await this.validate<T>(value, metadata.schema);
    if (!result.issues) return result.value;
    const errors = result.issues.flatMap((issue) => describeIssue(issue, value, metadata.data));
    const place = PLACES[metadata.type] ?? 'request';
    throw new Problem(
      'invalid-request',
      `The ${place} has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}.`,
      {
        errors,
      },
    );
  }
}
