import { PROBLEMS, problemType } from '../problem.js';
import type { ProblemName } from '../problem.js';

/** RFC 9457, with three extensions. */
export const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'Why a request failed and what to do (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'instance', 'remedy', 'requestId'],
  properties: {
    type: { type: 'string', enum: Object.keys(PROBLEMS).map((name) => problemType(name as ProblemName)) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened in this request.' },
    instance: { type: 'string', description: 'The path of this request.' },
    remedy: { type: 'string', description: 'What to do.' },
    requestId: { type: 'string', description: 'As in the header X-Request-Id.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', description: 'Where in body or query, as `lines[2].amount`.' },
          message: { type: 'string' },
        },
      },
    },
  },
};

const example = (name: ProblemName): object => ({
  summary: PROBLEMS[name].title,
  value: {
    type: problemType(name),
    title: PROBLEMS[name].title,
    status: PROBLEMS[name].status,
    detail: 'What happened in this request.',
    instance: '/v1/…',
    remedy: PROBLEMS[name].remedy,
    requestId: '0198c1d2-6f7e-7c3a-9d52-1f2a3b4c5d6e',
    ...(name === 'invalid-request'
      ? { errors: [{ path: 'amount', message: 'write a decimal like "55.94"' }] }
      : {}),
  },
});

const answer = (names: readonly ProblemName[]): object => ({
  description: names.map((name) => PROBLEMS[name].title).join('; '),
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      examples: Object.fromEntries(names.map((name) => [name, example(name)])),
    },
  },
});

/** The name of an answer in the document's components: what it may be about. */
const nameOf = (names: readonly ProblemName[]): string => names.join('.');

type ByStatus = Record<string, ProblemName[]>;

const byStatus = (names: readonly ProblemName[]): ByStatus => {
  const grouped: ByStatus = {};
  for (const name of names) (grouped[PROBLEMS[name].status] ??= []).push(name);
  return grouped;
};

/** References to answers by status for these kinds of problem. */
export const problemReferences = (names: readonly ProblemName[]): Record<string, { $ref: string }> =>
  Object.fromEntries(
    Object.entries(byStatus(names)).map(([status, group]) => [
      status,
      { $ref: `#/components/responses/${nameOf(group)}` },
    ]),
  );

/** The answers that {@link problemReferences} of the same kinds points at, by name. */
export const problemAnswers = (names: readonly ProblemName[]): Record<string, object> =>
  Object.fromEntries(Object.values(byStatus(names)).map((group) => [nameOf(group), answer(group)]));
