import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEMS, problemType } from '../problem.js';
import type { ProblemName } from '../problem.js';
import { completeOperation, problemsOf } from './complete-operation.js';
import type { Operation } from './complete-operation.js';
import { nameSchemas } from './name-schemas.js';
import { PROBLEM_SCHEMA, problemAnswers } from './problem-answers.js';
import { schemaConverter } from './schema-converter.js';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

const problemRows = (): string =>
  Object.entries(PROBLEMS)
    .map(
      ([name, { status, title, remedy }]) =>
        `| \`${problemType(name as ProblemName)}\` | ${status} | ${title} | ${remedy} |`,
    )
    .join('\n');

const description = (): string => `
Payment-outreach campaigns over e-mail, SMS, social messages and call tasks.

**Amounts** are decimal strings of their currency (\`"55.94"\`), **dates** \`2026-03-29\`, **instants** ISO 8601 with an
offset. **Ids** in paths are a uuid or \`ext:\` and your own external id. **Lists** take \`limit\` and \`after\`; the next
page is \`after=<next>\`. Every **POST** that changes something takes an \`Idempotency-Key\`.

**Problems** are \`application/problem+json\` (RFC 9457):

| type | status | title | what to do |
| --- | --- | --- | --- |
${problemRows()}
`;

const frame = (): Omit<OpenAPIObject, 'paths'> =>
  new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Kindly')
    .setDescription(description())
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'An API key, kdy_live_… or kdy_test_….' },
      'key',
    )
    .build();

type Paths = OpenAPIObject['paths'];

const operationsOf = (paths: Paths): { path: string; method: string; operation: Operation }[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );

const completePaths = (paths: Paths): Paths => {
  const completed: Paths = {};
  for (const { path, method, operation } of operationsOf(paths)) {
    completed[path] = { ...completed[path], [method]: completeOperation(method, path, operation) };
  }
  return completed;
};

const problemsIn = (paths: Paths): Record<string, object> =>
  Object.assign(
    {},
    ...operationsOf(paths).map(({ path, method, operation }) =>
      problemAnswers(problemsOf(method, path, operation)),
    ),
  ) as Record<string, object>;

/** The OpenAPI document of all routes, from the decorators and schemas that the routes themselves run by. */
export const createDocument = (app: INestApplication): OpenAPIObject => {
  nameSchemas();
  const document = SwaggerModule.createDocument(app, frame(), {
    standardSchemaConverter: schemaConverter(),
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
    autoTagControllers: true,
  });
  return {
    ...document,
    paths: completePaths(document.paths),
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA as object },
      responses: problemsIn(document.paths) as NonNullable<OpenAPIObject['components']>['responses'],
    },
  };
};

/** Serves the document at /docs for people and at /docs/json for programs. */
export const serveDocument = (app: INestApplication): void => {
  SwaggerModule.setup('docs', app, () => createDocument(app), {
    jsonDocumentUrl: 'docs/json',
    raw: ['json'],
    customSiteTitle: 'Kindly API',
  });
};
