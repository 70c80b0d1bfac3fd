import { openWorld, type World } from './campaigns-world.js';

interface Written {
  id: string;
  state: string;
}
interface Contact {
  id: string;
  kind: string;
  countsAs?: string;
}

let world: World;
let invoiceId: string;
let link: string;

const evidence = { who: 'Ann', how: 'web form', text: 'Write to me by Telegram.' };

beforeAll(async () => {
  world = await openWorld();
  const { admin } = world;
  await admin.patch('/v1/organisations/current', { doubleOptIn: ['telegram'] });
  await world.publishCampaign('standard');
  invoiceId = await world.invoice('INV-1');
  await world.enrol('INV-1', 'standard');
  await admin.post('/v1/customers', { externalId: 'C-1', name: 'Bakery', telegramChatId: '770077' });
});
afterAll(() => world.close());

const call = (method: string) => fetch(`${world.api.url}${link}`, { method, redirect: 'manual' });
const states = async () =>
  (await world.admin.get<{ data: Written[] }>('/v1/consents')).body.data.map(({ state }) => state);

it('is pending until it is confirmed, and its owner is asked once a day', async () => {
  const { admin } = world;
  const { body: organisation } = await admin.get('/v1/organisations/current');
  expect(organisation).toMatchObject({ doubleOptIn: ['telegram'] });
  const input = { customerExternalId: 'C-1', medium: 'telegram', state: 'granted', evidence };
  const { status, body } = await admin.post<Written>('/v1/consents', input);
  expect([status, body.state]).toEqual([201, 'pending']);
  const again = await admin.post<{ type: string }>(`/v1/consents/${body.id}/confirmation`, {});
  expect(again.status).toBe(409);
  expect((await admin.post('/v1/consents/nothing/confirmation', {})).status).toBe(404);
  await world.execute(invoiceId);
  const { body: contacts } = await admin.get<{ data: Contact[] }>('/v1/contacts');
  expect(contacts.data).toMatchObject([{ kind: 'confirmation', medium: 'telegram' }]);
  const { body: contact } = await admin.get<{ purpose: string; snapshot: { text: string } }>(
    `/v1/contacts/${contacts.data[0]?.id ?? ''}`,
  );
  expect(contact.purpose).toBe('consent');
  link = /https:\/\/kindly\.example(\/c\/[\w-]+)/.exec(contact.snapshot.text)?.[1] ?? '';
  expect(contact.snapshot.text).not.toMatch(/INV-1|€|EUR/);
});

it('is confirmed by nobody who looks', async () => {
  for (const method of ['GET', 'HEAD']) expect((await call(method)).status).toBe(200);
  const page = await (await call('GET')).text();
  expect(page).toContain('<button');
  expect(page).not.toContain('770077');
  expect(await states()).toEqual(['pending']);
});

it('is confirmed by the button, as often as it is pressed, with what was shown', async () => {
  for (let i = 0; i < 2; i++) {
    const answer = await call('POST');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await answer.text()).toContain('Thank you');
  }
  expect(await states()).toEqual(['pending', 'granted']);
  const { body } = await world.admin.get<{ data: { evidence: unknown }[] }>('/v1/consents?state=granted');
  expect(body.data[0]?.evidence).toMatchObject({
    how: 'double opt-in',
    text: expect.stringContaining('I agree that Northwind') as unknown,
  });
});

it('is asked for as the first invoice of a customer is enrolled, where nobody could be asked before', async () => {
  const { admin } = world;
  await admin.post('/v1/customers', { externalId: 'C-2', name: 'Mill', telegramChatId: '880088' });
  const input = { customerExternalId: 'C-2', medium: 'telegram', state: 'granted', evidence };
  const { body } = await admin.post<Written>('/v1/consents', input);
  expect((await admin.post(`/v1/consents/${body.id}/confirmation`, {})).status).toBe(409);
  const id = await world.invoice('INV-2', { customerExternalId: 'C-2' });
  await world.enrol('INV-2', 'standard');
  await world.execute(id);
  const { body: contacts } = await admin.get<{ data: Contact[] }>('/v1/contacts?customer=ext:C-2');
  expect(contacts.data).toMatchObject([{ kind: 'confirmation', medium: 'telegram' }]);
});

it('lets a link of another kind confirm nothing', async () => {
  const other = link.replace('/c/', '/u/');
  expect((await fetch(`${world.api.url}${other}`)).status).toBe(404);
});
