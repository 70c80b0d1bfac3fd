import { openWorld, type World } from './campaigns-world.js';

const PDF = Buffer.from('%PDF-1.7 a small one');
let world: World;
let contactId: string;
let links: { unsubscribe: string; document: string };

beforeAll(async () => {
  world = await openWorld();
  await world.admin.post('/v1/creditors', {
    externalId: 'K',
    name: 'Northwind',
    phone: '+34910000000',
    email: 'ar@northwind.example',
    mail: { document: 'link' },
  });
  await world.publishCampaign('standard');
  const invoiceId = await world.invoice('INV-1');
  await world.admin.send('PUT', '/v1/invoices/ext:INV-1/document', {
    body: PDF,
    headers: { 'Content-Type': 'application/pdf' },
  });
  await world.enrol('INV-1', 'standard');
  await world.setClock('2013-01-26T09:00:00Z');
  await world.execute(invoiceId);
  const { body } = await world.admin.get<{ data: { id: string }[] }>('/v1/contacts');
  contactId = body.data[0]?.id ?? '';
  const detail = await world.admin.get<{ snapshot: { text: string } }>(`/v1/contacts/${contactId}`);
  const find = (path: string): string =>
    new RegExp(`https://kindly\\.example(/${path}/[\\w-]+)`).exec(detail.body.snapshot.text)?.[1] ?? '';
  links = { unsubscribe: find('u'), document: find('d') };
});
afterAll(() => world.close());

const call = (method: string, path: string, body?: string) =>
  fetch(`${world.api.url}${path}`, {
    method,
    redirect: 'manual',
    ...(body === undefined ? {} : { body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
  });

const suppressions = async () =>
  (await world.admin.get<{ data: unknown[] }>('/v1/suppressions?active=true')).body.data;

it('shows what can be stopped, and stops nothing by being looked at', async () => {
  for (const method of ['GET', 'HEAD']) {
    const answer = await call(method, links.unsubscribe);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('x-robots-tag')).toContain('noindex');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    if (method === 'GET') expect(await answer.text()).toContain('<button');
  }
  expect(await suppressions()).toEqual([]);
});

it('stops reminders by the one click of a mail program, as often as it clicks', async () => {
  for (let i = 0; i < 2; i++) {
    const answer = await call('POST', links.unsubscribe, 'List-Unsubscribe=One-Click');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toBeNull();
  }
  expect(await suppressions()).toMatchObject([
    {
      medium: 'email',
      purpose: 'reminder',
      reason: 'unsubscribed',
      evidence: { contact: contactId, via: 'one_click' },
    },
  ]);
});

it('takes it back by the button of the page, and by nothing else', async () => {
  await call('POST', links.unsubscribe, 'List-Unsubscribe=One-Click');
  expect(await suppressions()).toHaveLength(1);
  const answer = await call('POST', links.unsubscribe, 'action=undo');
  expect(await answer.text()).toContain('go on as before');
  expect(await suppressions()).toEqual([]);
});

it('gives the document to whoever has the link, as a file and to no robot', async () => {
  const answer = await call('GET', links.document);
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(PDF);
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''INV-1\.pdf$/);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('x-robots-tag')).toContain('noindex');
});

it('says of a link that was changed, or is for something else, that it does not work', async () => {
  const changed = `${links.unsubscribe.slice(0, -2)}xA`;
  const other = links.unsubscribe.replace('/u/', '/d/');
  for (const path of [changed, other, '/u/nothing', '/d/nothing'])
    expect((await call('GET', path)).status).toBe(404);
  expect((await call('POST', changed, 'List-Unsubscribe=One-Click')).status).toBe(404);
  expect(await suppressions()).toEqual([]);
});

it('rebuilds the e-mail of a contact, the same each time', async () => {
  const read = () => world.admin.get<string>(`/v1/contacts/${contactId}/message.eml`);
  const { status, body } = await read();
  expect(status).toBe(200);
  expect(String(body)).toContain(`<${contactId}.`);
  expect(String(body)).toContain('List-Unsubscribe:');
  expect((await read()).body).toEqual(body);
});

it('lets a link to a document expire', async () => {
  await world.setClock('2013-05-26T09:00:00Z');
  expect((await call('GET', links.document)).status).toBe(404);
  expect((await call('GET', links.unsubscribe)).status).toBe(200);
});
