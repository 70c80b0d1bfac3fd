import { randomUUID } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { startApi } from '#api/bootstrap.js';
import type { ApiSettings } from '#api/common/settings.js';
import type { Role } from '#api/common/roles.js';
import { createLogger } from '#observability/logger.js';
import { testDatabase } from './database.js';

export const ROOT_KEY = 'root-key-of-the-tests-with-enough-characters';

export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Sent {
  body?: unknown;
  headers?: Record<string, string>;
}

/** Speaks to the API with one key. A body that is no text or bytes is sent as JSON. */
export interface Client {
  send<T>(method: string, path: string, sent?: Sent): Promise<Answer<T>>;
  get<T>(path: string): Promise<Answer<T>>;
  post<T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  put<T>(path: string, body?: unknown): Promise<Answer<T>>;
  patch<T>(path: string, body?: unknown): Promise<Answer<T>>;
}

export interface TestOrganisation {
  id: string;
  admin: Client;
  /** A new key of this role. */
  as(role: Role): Promise<Client>;
}

export interface TestApi {
  app: NestExpressApplication;
  url: string;
  /** Of whoever migrates. */
  ownerUrl: string;
  appUrl: string;
  /** Of the role `system`. */
  systemUrl: string;
  /** Nobody's. */
  stranger: Client;
  root: Client;
  with(token: string): Client;
  /** A new organisation, `test` unless told otherwise. */
  organisation(overrides?: Record<string, unknown>): Promise<TestOrganisation>;
  close(): Promise<void>;
}

const isRaw = (body: unknown): body is string | Uint8Array =>
  typeof body === 'string' || body instanceof Uint8Array;

const encoded = ({
  body,
  headers = {},
}: Sent): { body?: string | Uint8Array; headers: Record<string, string> } => {
  if (body === undefined) return { headers };
  if (isRaw(body)) return { body, headers };
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
};

const parsed = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  return /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
};

export const clientOf = (url: string, token?: string): Client => {
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const send = async <T>(method: string, path: string, sent: Sent = {}): Promise<Answer<T>> => {
    const { body, headers } = encoded(sent);
    const init = { method, body: body as string, headers: { ...authorization, ...headers } };
    const response = await fetch(`${url}${path}`, init);
    return { status: response.status, headers: response.headers, body: (await parsed(response)) as T };
  };
  return {
    send,
    get: (path) => send('GET', path),
    post: (path, body, headers) => send('POST', path, { body, headers }),
    put: (path, body) => send('PUT', path, { body }),
    patch: (path, body) => send('PATCH', path, { body }),
  };
};

interface FoundedBody {
  organisation: { id: string };
  apiKey: { token: string };
}

const organisationOf = (url: string, { organisation, apiKey }: FoundedBody): TestOrganisation => {
  const admin = clientOf(url, apiKey.token);
  return {
    id: organisation.id,
    admin,
    as: async (role) => {
      const { body } = await admin.post<{ token: string }>('/v1/api-keys', { name: role, role });
      return clientOf(url, body.token);
    },
  };
};

export interface TestApiOptions {
  /** Changes the settings before the start, as to go through a proxy. */
  settings?: (settings: ApiSettings) => ApiSettings | Promise<ApiSettings>;
}

/** The API over real HTTP, on a database of its own. */
export const startTestApi = async ({ settings = (same) => same }: TestApiOptions = {}): Promise<TestApi> => {
  const database = await testDatabase();
  const wanted = await settings({
    host: '127.0.0.1',
    port: 0,
    rootKey: ROOT_KEY,
    appDatabaseUrl: database.appUrl,
    systemDatabaseUrl: database.systemUrl,
  });
  const { app, url } = await startApi(
    wanted,
    createLogger({ name: 'api', level: process.env['LOG_LEVEL'] ?? 'silent' }),
  );
  const root = clientOf(url, ROOT_KEY);
  return {
    app,
    url,
    ownerUrl: database.ownerUrl,
    appUrl: database.appUrl,
    systemUrl: database.systemUrl,
    stranger: clientOf(url),
    root,
    with: (token) => clientOf(url, token),
    organisation: async (overrides = {}) => {
      const input = { externalId: randomUUID(), name: 'Sample', kind: 'test', ...overrides };
      const { status, body } = await root.post<FoundedBody>('/v1/organisations', input);
      if (status !== 201) throw new Error(`The organisation was not created: ${JSON.stringify(body)}`);
      return organisationOf(url, body);
    },
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
};
