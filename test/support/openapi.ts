import type { Client, TestApi } from './api.js';

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: unknown;
}

export interface Answer {
  $ref?: string;
  description?: string;
  content?: Record<string, { schema?: unknown }>;
}

export interface Operation {
  operationId: string;
  summary?: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, Answer>;
  security?: unknown[];
  'x-kindly-access': string | string[];
}

export interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, unknown>;
    responses: Record<string, Answer>;
    securitySchemes: Record<string, unknown>;
  };
}

export interface Route {
  method: string;
  path: string;
  operation: Operation;
}

export const documentOf = async (client: Client): Promise<Document> =>
  (await client.get<Document>('/docs/json')).body;

export const routesOf = (document: Document): Route[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** `GET /v1/invoices/{id}` of every route that the server really has, but for the documentation's own. */
export const servedRoutes = (api: TestApi): string[] => {
  const { router } = api.app.getHttpAdapter().getInstance() as {
    router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
  };
  return router.stack
    .flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => [method, route.path] as const) : [],
    )
    .filter(([, path]) => !path.startsWith('/docs'))
    .map(([method, path]) => `${method.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}`);
};

const UUID = '0198c1d2-6f7e-7c3a-9d52-1f2a3b4c5d6e';

/** The path with ids that nothing has. */
export const concrete = (path: string): string => path.replace(/\{\w+\}/g, UUID);

/** Every `$ref` below a value. */
export const refsIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
};
