import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi } from '#test/support/api.js';
import type { TestApi, TestOrganisation } from '#test/support/api.js';

interface Problem {
  errors: { path: string; message: string }[];
}

let api: TestApi;
let organisation: TestOrganisation;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  organisation = await api.organisation();
});

const hours = (from: string, to: string) => [
  { kind: 'hours', key: 'hours', open: { weekday: { from, to } } },
];
const house = (houseRules: unknown) =>
  organisation.admin.patch<Problem & { houseRules: unknown }>('/v1/organisations/current', { houseRules });
const wish = (wishes: unknown) =>
  organisation.admin.post<Problem & { wishes: unknown }>('/v1/customers', {
    externalId: 'C-1',
    name: 'Ann',
    wishes,
  });

describe('rules of their own', () => {
  it('of an organisation are saved, shown, and ended by an empty list; other changes leave them', async () => {
    expect((await organisation.admin.get('/v1/organisations/current')).body).toMatchObject({
      houseRules: [],
    });
    const rules = hours('10:00', '18:00');
    expect(await house(rules)).toMatchObject({ status: 200, body: { houseRules: rules } });
    await organisation.admin.patch('/v1/organisations/current', { name: 'Renamed' });
    expect((await organisation.admin.get('/v1/organisations/current')).body).toMatchObject({
      houseRules: rules,
    });
    expect(await house([])).toMatchObject({ status: 200, body: { houseRules: [] } });
  });

  it('that never leave a moment are refused with the reason, and change nothing', async () => {
    await house(hours('10:00', '18:00'));
    const refused = await house(hours('20:30', '23:00'));
    expect(refused).toMatchObject({ status: 400 });
    expect(refused.body.errors).toEqual([
      {
        path: 'houseRules',
        message: 'leave no moment open for email beside the policy courteous; widen their hours',
      },
    ]);
    expect((await house(hours('9', '18:00'))).body.errors).toEqual([
      { path: 'houseRules[0].open.weekday.from', message: 'is no local time; write it like 09:00' },
    ]);
    expect((await organisation.admin.get('/v1/organisations/current')).body).toMatchObject({
      houseRules: hours('10:00', '18:00'),
    });
  });

  it('of a customer come with the customer, stay when left out, and end with null', async () => {
    const rules = hours('17:00', '20:00');
    expect(await wish(rules)).toMatchObject({ body: { wishes: rules } });
    expect(await wish(undefined)).toMatchObject({ body: { wishes: rules } });
    expect(await wish(null)).toMatchObject({ body: { wishes: null } });
  });

  it('of a customer are refused where those of the house leave no moment for them', async () => {
    await house(hours('09:00', '12:00'));
    const refused = await wish(hours('17:00', '20:00'));
    expect(refused).toMatchObject({ status: 422 });
    expect(refused.body.errors[0]).toMatchObject({
      path: 'wishes',
      message: 'leave no moment open for email; widen their hours, or those of the house',
    });
  });
});
