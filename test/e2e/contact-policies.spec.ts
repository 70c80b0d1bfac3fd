import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi } from '#test/support/api.js';
import type { TestApi, TestOrganisation } from '#test/support/api.js';

interface Policy {
  key: string;
  checkedOn: string;
  canBeNamed: boolean;
  rules: { key: string; text: string; keptBy: string | null; isOn: boolean; reason: string | null }[];
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

const policies = async (): Promise<Policy[]> =>
  (await organisation.admin.get<{ data: Policy[] }>('/v1/contact-policies')).body.data;
const off = async (): Promise<string[]> =>
  (await policies()).flatMap(({ key, rules }) =>
    rules.filter(({ isOn }) => !isOn).map((rule) => `${key}/${rule.key}`),
  );
const switchOff = (...rules: string[]) =>
  organisation.admin.patch<{ errors: { path: string; message: string }[] }>('/v1/organisations/current', {
    switchedOff: rules.map((rule) => ({ rule, reason: 'Counsel says that we are exempt.' })),
  });

describe('contact policies', () => {
  it('are listed with what they say, where it is written, and by what it is kept', async () => {
    const items = await policies();
    expect(items.map(({ key }) => key)).toEqual([
      ...['courteous', 'us-reg-f', 'us-ma', 'us-fl', 'us-nyc', 'us-tcpa', 'uk-conc', 'uk-breathing-space'],
      ...['eu-b2b', 'platforms', 'mail', 'ru-230-fz'],
    ]);
    expect(items.find(({ key }) => key === 'us-nyc')).toMatchObject({
      checkedOn: '2026-11-26',
      canBeNamed: true,
      binds: { customer: 'person', countries: ['US'], region: 'NY', party: 'third' },
      rules: [
        { key: 'three_a_week', text: 'At most 3 contacts in 7 days, about a debt', keptBy: null, isOn: true },
        { key: 'electronic_by_consent', isOn: true },
      ],
    });
    expect(await off()).toEqual([]);
  });

  it('can be switched off, whole or by rule, with a reason that is shown and on record', async () => {
    expect((await switchOff('us-fl', 'us-reg-f/hours')).status).toBe(200);
    expect(await off()).toEqual(['us-reg-f/hours', 'us-fl/hours']);
    const florida = (await policies()).find(({ key }) => key === 'us-fl');
    expect(florida?.rules[0]?.reason).toBe('Counsel says that we are exempt.');
    await organisation.admin.patch('/v1/organisations/current', { name: 'Renamed' });
    expect(await off()).toHaveLength(2);
    expect((await switchOff()).status).toBe(200);
    expect(await off()).toEqual([]);
  });

  it('are not switched off by a name that there is none of, twice, or where Kindly keeps it anyway', async () => {
    const refused = await switchOff('us-fl/calls', 'mail/one_click', 'us-fl');
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toEqual([
      {
        path: 'switchedOff[0].rule',
        message:
          '"us-fl/calls" is no rule that can be switched off; GET /v1/contact-policies says which can (canSwitchOff), like us-fl/hours',
      },
      {
        path: 'switchedOff[1].rule',
        message:
          '"mail/one_click" is no rule that can be switched off; GET /v1/contact-policies says which can (canSwitchOff), like us-fl/hours',
      },
    ]);
    expect((await switchOff('us-fl', 'us-fl')).body.errors).toEqual([
      { path: 'switchedOff', message: 'has a rule twice; write each once' },
    ]);
    expect(await off()).toEqual([]);
  });
});
