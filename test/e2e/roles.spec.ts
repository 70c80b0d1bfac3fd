import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES } from '#api/common/roles.js';
import type { Role } from '#api/common/roles.js';
import { startTestApi } from '#test/support/api.js';
import type { Client, TestApi } from '#test/support/api.js';
import { concrete, documentOf, routesOf } from '#test/support/openapi.js';

let api: TestApi;
let clients: Record<Role, Client>;

beforeAll(async () => {
  api = await startTestApi();
  const organisation = await api.organisation();
  const made = await Promise.all(ROLES.map(async (role) => [role, await organisation.as(role)] as const));
  clients = Object.fromEntries(made) as Record<Role, Client>;
});
afterAll(() => api.close());

/** Written by hand, so that neither the guard nor the table of roles can be its own judge. */
const ABOVE: Record<Role, readonly Role[]> = {
  admin: ['admin'],
  manager: ['admin', 'manager'],
  marketer: ['admin', 'manager', 'marketer'],
  agent: ['admin', 'manager', 'agent'],
  viewer: ['admin', 'manager', 'marketer', 'agent', 'viewer'],
};

describe('a role', () => {
  it('opens the routes of its own and of lower roles, and no other', async () => {
    const wrong: string[] = [];
    for (const { method, path, operation } of routesOf(await documentOf(api.stranger))) {
      const access = operation['x-kindly-access'];
      if (!Array.isArray(access)) continue;
      const permitted = new Set(access.flatMap((role) => ABOVE[role as Role]));
      for (const role of ROLES) {
        const { status } = await clients[role].send(method, concrete(path));
        if ((status !== 403) !== permitted.has(role)) wrong.push(`${role}: ${method} ${path} was ${status}`);
      }
      if ((await api.stranger.send(method, concrete(path))).status !== 401)
        wrong.push(`nobody: ${method} ${path}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it.each<[string, string, Role[]]>([
    ['GET', '/v1/customers', ['admin', 'manager', 'marketer', 'agent', 'viewer']],
    ['POST', '/v1/customers', ['admin', 'manager']],
    ['POST', '/v1/payments', ['admin', 'manager']],
    ['POST', '/v1/holds', ['admin', 'manager', 'agent']],
    ['POST', '/v1/suppressions', ['admin', 'manager', 'marketer', 'agent']],
    ['POST', '/v1/campaigns', ['admin', 'manager', 'marketer']],
    ['POST', '/v1/api-keys', ['admin']],
    ['GET', '/v1/api-keys', ['admin']],
    ['PATCH', '/v1/organisations/current', ['admin']],
    ['POST', '/v1/organisations', []],
  ])('may %s %s: %j', async (method, path, expected) => {
    const allowed: Role[] = [];
    for (const role of ROLES) {
      if ((await clients[role].send(method, path)).status !== 403) allowed.push(role);
    }
    expect(allowed).toEqual(expected);
  });

  it('is told which role would do', async () => {
    const { body } = await clients.viewer.post<{ detail: string }>('/v1/api-keys', {
      name: 'x',
      role: 'admin',
    });
    expect(body.detail).toBe(
      'This is for a key with the role admin, or a higher one; this key has the role viewer.',
    );
  });
});
