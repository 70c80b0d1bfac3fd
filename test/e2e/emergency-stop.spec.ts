import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi } from '#test/support/api.js';
import type { TestApi, TestOrganisation } from '#test/support/api.js';
import { loadInvoice } from '#test/support/api-data.js';

interface Stopped {
  stops: { of: string; reason: string; by: string; at: string }[];
}

let api: TestApi;
let organisation: TestOrganisation;

beforeAll(async () => {
  api = await startTestApi();
  organisation = await api.organisation({ kind: 'live' });
});
afterAll(() => api.close());

const STOP = '/v1/organisations/current/stop';
const RELEASE = '/v1/organisations/current/release';
const stopsOf = async (who: TestOrganisation): Promise<string[]> =>
  (await who.admin.get<Stopped>('/v1/organisations/current')).body.stops.map(({ of }) => of);

describe('the emergency stop of an organisation', () => {
  it('is for managers and admins, and says why', async () => {
    for (const role of ['marketer', 'agent', 'viewer'] as const)
      expect((await (await organisation.as(role)).post(STOP, { reason: 'no' })).status).toBe(403);
    const manager = await organisation.as('manager');
    expect((await manager.post(STOP, {})).status).toBe(400);
    const { status, body } = await manager.post<Stopped>(STOP, { reason: 'a wrong template' });
    expect(status).toBe(200);
    expect(body.stops).toEqual([
      expect.objectContaining({
        of: 'organisation',
        reason: 'a wrong template',
        by: expect.stringMatching(/^api-key:/),
      }),
    ]);
  });

  it('stays as it is when somebody stops again, and ends with its release, as the timeline tells', async () => {
    const { invoiceId } = await loadInvoice(organisation.admin);
    await organisation.admin.post(RELEASE, {});
    await organisation.admin.post(STOP, { reason: 'the first' });
    const again = await organisation.admin.post<Stopped>(STOP, { reason: 'the second' });
    expect(again.body.stops.map(({ reason }) => reason)).toEqual(['the first']);
    const released = await organisation.admin.post<Stopped>(RELEASE, { reason: 'mended' });
    expect(released.body.stops).toEqual([]);
    expect((await organisation.admin.post<Stopped>(RELEASE, {})).status).toBe(200);
    const { body } = await organisation.admin.get<{ data: { kind: string; sentence: string }[] }>(
      `/v1/invoices/${invoiceId}/timeline`,
    );
    const told = body.data.filter(({ kind }) => kind === 'stop').map(({ sentence }) => sentence);
    // Before them the stop of the case above.
    expect(told.slice(-2)).toEqual([
      'An emergency stop: nothing went out any more. the first',
      'The emergency stop was released.',
    ]);
  });

  it('is of nobody else', async () => {
    const other = await api.organisation();
    await organisation.admin.post(STOP, { reason: 'mine' });
    expect(await stopsOf(other)).toEqual([]);
    expect((await other.admin.post(`/v1/organisations/${organisation.id}/release`, {})).status).toBe(404);
    expect(await stopsOf(organisation)).toEqual(['organisation']);
    await organisation.admin.post(RELEASE, {});
  });
});

describe('the emergency stop of the installation', () => {
  it('is for the root key, and shows in every live organisation', async () => {
    const tested = await api.organisation();
    expect((await organisation.admin.post('/v1/installation/stop', { reason: 'no' })).status).toBe(403);
    const { body } = await api.root.post<{ stop: { by: string } }>('/v1/installation/stop', {
      reason: 'a drill',
    });
    expect(body.stop).toMatchObject({ of: 'installation', reason: 'a drill', by: 'root' });
    await api.root.post('/v1/installation/stop', { reason: 'again' });
    expect([await stopsOf(organisation), await stopsOf(tested)]).toEqual([['installation'], []]);
    expect((await api.root.post<{ stop: null }>('/v1/installation/release')).body.stop).toBeNull();
    expect((await api.root.get<{ stop: null }>('/v1/installation')).body.stop).toBeNull();
    expect(await stopsOf(organisation)).toEqual([]);
  });
});
