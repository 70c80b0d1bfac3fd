import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi } from '#test/support/api.js';
import type { Client, TestApi } from '#test/support/api.js';
import { concrete, documentOf, refsIn, routesOf, servedRoutes } from '#test/support/openapi.js';
import type { Document, Route } from '#test/support/openapi.js';

let api: TestApi;
let client: Client;
let document: Document;
let routes: Route[];

beforeAll(async () => {
  api = await startTestApi();
  ({ admin: client } = await api.organisation());
  document = await documentOf(api.stranger);
  routes = routesOf(document);
});
afterAll(() => api.close());

const label = ({ method, path }: Route): string => `${method} ${path}`;

/** The labels of routes that a condition does not hold for. */
const except = (condition: (route: Route) => boolean): string[] =>
  routes.filter((each) => !condition(each)).map(label);

describe('the OpenAPI document', () => {
  it('is there for people and for programs', async () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Kindly' } });
    const page = await api.stranger.get<string>('/docs');
    expect(page).toMatchObject({ status: 200, body: expect.stringMatching(/Kindly API/) });
  });

  it('has exactly the routes that are served', () => {
    expect(routes.map(label).sort()).toEqual(servedRoutes(api).sort());
  });

  it('has no route that cannot be reached', async () => {
    const unreachable: string[] = [];
    for (const route of routes) {
      const { body } = await client.send<{ type?: string } | ''>(route.method, concrete(route.path));
      if (typeof body === 'object' && body.type === 'urn:kindly:problem:unknown-route')
        unreachable.push(label(route));
    }
    expect(unreachable).toEqual([]);
  });

  it('resolves every reference', () => {
    const { schemas, responses } = document.components;
    const known = new Set([
      ...Object.keys(schemas).map((name) => `#/components/schemas/${name}`),
      ...Object.keys(responses).map((name) => `#/components/responses/${name}`),
    ]);
    expect(refsIn(document).filter((ref) => !known.has(ref))).toEqual([]);
  });

  it('names each operation once, with a summary and who may use it', () => {
    const ids = routes.map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
    expect(except(({ operation }) => /\S/.test(operation.summary ?? ''))).toEqual([]);
    expect(except(({ operation }) => (operation['x-kindly-access'] ?? []).length > 0)).toEqual([]);
  });

  it('declares each parameter of a path', () => {
    const declared = ({ path, operation }: Route): boolean => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
      const parameters = operation.parameters.filter((each) => each.in === 'path' && each.required === true);
      return JSON.stringify(parameters.map(({ name }) => name).sort()) === JSON.stringify(inPath);
    };
    expect(except(declared)).toEqual([]);
  });

  it('has the Idempotency-Key on every POST but those that change nothing', () => {
    const has = ({ operation }: Route): boolean =>
      operation.parameters.some(({ name }) => name === 'Idempotency-Key');
    const without = routes.filter((route) => route.method === 'POST' && !has(route)).map(label);
    expect(without.sort()).toEqual([
      'POST /c/{token}',
      'POST /p/{token}',
      'POST /u/{token}',
      'POST /v1/campaigns/validate',
      'POST /v1/customers/{id}/people/{person}/telegram-link',
      'POST /v1/templates/{key}/{locale}/preview',
      // What a provider tells twice is known by its own name of the event.
      'POST /webhooks/{provider}',
    ]);
    expect(except((route) => route.method === 'POST' || !has(route))).toEqual([]);
    expect(except((route) => !has(route) || '422' in route.operation.responses)).toEqual([]);
  });

  it('describes what each route answers, in success and in failure', () => {
    const success = ({ operation }: Route): boolean => {
      const [status, answer] =
        Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? [];
      return (
        status === '204' || Object.values(answer?.content ?? {}).some(({ schema }) => schema !== undefined)
      );
    };
    const failure = ({ operation }: Route): boolean =>
      ['500', '503'].every((code) => {
        const name = operation.responses[code]?.$ref?.split('/').at(-1) ?? '';
        return document.components.responses[name]?.content?.['application/problem+json'] !== undefined;
      });
    expect(except(success)).toEqual([]);
    expect(except(failure)).toEqual([]);
  });

  it('asks for a key wherever one is needed', () => {
    const open = routes.filter(({ operation }) => operation.security?.length === 0).map(label);
    expect(open).toEqual([
      'GET /healthz',
      'GET /readyz',
      'POST /webhooks/{provider}',
      'GET /c/{token}',
      'POST /c/{token}',
      'GET /d/{token}',
      'GET /p/{token}',
      'POST /p/{token}',
      'GET /u/{token}',
      'POST /u/{token}',
      'GET /v1/campaigns/schema',
    ]);
    expect(document.components.securitySchemes).toHaveProperty('key');
  });

  it('has every path under /v1 but for health, what providers call, and links in letters', () => {
    expect(except(({ path }) => /^\/(v1\/|healthz$|readyz$|webhooks\/|[ucdp]\/)/.test(path))).toEqual([]);
  });
});
