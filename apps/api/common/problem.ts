interface ProblemKind {
  status: number;
  title: string;
  /** What to do, when the place that raises it knows nothing better. */
  remedy: string;
}

/** Every kind of problem the API answers with; `type` is `urn:kindly:problem:` and the name. */
export const PROBLEMS = {
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    remedy: 'Correct what "errors" names and send the request again.',
  },
  'malformed-body': {
    status: 400,
    title: 'The body cannot be read',
    remedy: 'Send well-formed JSON in UTF-8, uncompressed or with its Content-Encoding.',
  },
  unauthenticated: {
    status: 401,
    title: 'No valid key was given',
    remedy: 'Send "Authorization: Bearer kdy_…" with a key that was not revoked.',
  },
  forbidden: {
    status: 403,
    title: 'This key may not do that',
    remedy: 'Use a key with one of the roles that "detail" names.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing',
    remedy: 'Check the id; write an external id as ext:<external id>.',
  },
  'unknown-route': {
    status: 404,
    title: 'There is no such route',
    remedy: 'See /docs for the routes and their methods.',
  },
  conflict: {
    status: 409,
    title: 'The state of things does not allow this',
    remedy: 'Read the current state, then decide.',
  },
  'too-large': {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send at most 1 MB; split a batch, or use the CSV import, which has no limit.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body has the wrong type',
    remedy: 'Send the Content-Type that "detail" names.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    remedy: 'Use a new key for a new request; repeat a request with exactly the same body.',
  },
  unprocessable: {
    status: 422,
    title: 'The request was understood, but cannot be carried out',
    remedy: 'Correct what "errors" or "detail" names and send the request again.',
  },
  internal: {
    status: 500,
    title: 'Kindly made a mistake',
    remedy: 'Try again; if it happens again, report it with the request id.',
  },
  'database-unavailable': {
    status: 503,
    title: 'The database cannot be reached',
    remedy: 'Nothing was changed. Try again after the seconds in Retry-After.',
  },
  busy: {
    status: 503,
    title: 'Another request holds what this one needs',
    remedy: 'Nothing was changed. Try again after the seconds in Retry-After.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemName = keyof typeof PROBLEMS;

/** Where in the request, as `lines[2].amount`, and what is wrong there. */
export interface FieldError {
  path: string;
  message: string;
}

export interface ProblemExtras {
  errors?: readonly FieldError[];
  remedy?: string;
  /** Seconds. */
  retryAfter?: number;
  cause?: unknown;
}

/** Thrown anywhere in a request, it ends the transaction and becomes an RFC 9457 answer. */
export class Problem extends Error {
  override name = 'Problem';
  readonly errors: readonly FieldError[];
  readonly remedy: string;
  readonly retryAfter: number | undefined;

  constructor(
    readonly kind: ProblemName,
    /** What happened here, in a sentence. */
    readonly detail: string,
    extras: ProblemExtras = {},
  ) {
    super(detail, { cause: extras.cause });
    this.errors = extras.errors ?? [];
    this.remedy = extras.remedy ?? PROBLEMS[kind].remedy;
    this.retryAfter = extras.retryAfter;
  }

  get status(): number {
    return PROBLEMS[this.kind].status;
  }
}

/** The body of a problem answer (RFC 9457), with the extensions `errors`, `remedy` and `requestId`. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  remedy: string;
  requestId: string;
  errors?: readonly FieldError[];
}

export const problemType = (kind: ProblemName): string => `urn:kindly:problem:${kind}`;

export const problemDetails = (
  problem: Problem,
  request: { instance: string; requestId: string },
): ProblemDetails => ({
  type: problemType(problem.kind),
  title: PROBLEMS[problem.kind].title,
  status: problem.status,
  detail: problem.detail,
  instance: request.instance,
  remedy: problem.remedy,
  requestId: request.requestId,
  ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
});
