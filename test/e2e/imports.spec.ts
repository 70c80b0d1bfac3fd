import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { importResource } from '#api/imports/imports.schemas.js';
import type { ImportResource } from '#api/imports/imports.schemas.js';
import { startTestApi } from '#test/support/api.js';
import type { Answer, Client, TestApi } from '#test/support/api.js';
import { loadInvoice } from '#test/support/api-data.js';
import { eventually } from '#test/support/eventually.js';

let api: TestApi;
let client: Client;

beforeAll(async () => {
  api = await startTestApi();
  ({ admin: client } = await api.organisation());
  await loadInvoice(client);
});
afterAll(() => api.close());

const load = (
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Answer<ImportResource>> =>
  client.send('POST', `/v1/imports/${path}`, { body, headers: { 'content-type': 'text/csv', ...headers } });

const customers = async (): Promise<number> =>
  (await client.get<{ data: unknown[] }>('/v1/customers?limit=200&search=CSV')).body.data.length;

describe('an import', () => {
  it('takes good rows and says of the others what to mend', async () => {
    const { status, body } = await load(
      'customers',
      'externalId,name,email\nCSV-1,=cmd(),a@example.org\nCSV-2,Two,nobody\n',
    );
    expect(status).toBe(200);
    expect(importResource.parse(body)).toMatchObject({
      rows: 2,
      created: 1,
      failed: 1,
      errorCount: 1,
      unreadable: null,
    });
    expect(body.errors).toMatchObject([{ line: 3, column: 'email', value: 'nobody' }]);
    expect((await client.get('/v1/customers/ext:CSV-1')).body).toMatchObject({ name: '=cmd()' });
  });

  it('changes nothing the second time', async () => {
    const file =
      'externalId,customerExternalId,total,currency,issuedOn,dueOn\nI-1,C-1,10.00,EUR,2026-01-01,2026-01-31\n';
    expect((await load('invoices', file)).body).toMatchObject({ created: 1 });
    expect((await load('invoices', file)).body).toMatchObject({ created: 0, unchanged: 1 });
    const payments = 'externalId,invoiceExternalId,amount,currency\nP-1,I-1,10.00,EUR\n';
    expect((await load('payments', payments)).body).toMatchObject({ created: 1 });
    expect((await client.get('/v1/invoices/ext:I-1')).body).toMatchObject({ status: 'settled' });
  });

  it('takes a list of suppressions, as its export gives it, and once', async () => {
    const file =
      'kind,value,medium,reason\nemail,Gone@Example.org,,"moved, no new address"\nphone,+34600000000,sms,stop\nphone,12,,stop\n';
    const { body } = await load('suppressions', file);
    expect(body).toMatchObject({ rows: 3, created: 2, failed: 1 });
    expect(body.errors).toMatchObject([{ line: 4, column: 'value', value: '12' }]);
    const exported = await client.send<string>('GET', '/v1/suppressions/export');
    expect(String(exported.body).split('\r\n').slice(0, 3)).toEqual([
      'kind,value,medium,purpose,reason,effectiveAt',
      expect.stringMatching(/^email,gone@example\.org,,,"moved, no new address",20/),
      expect.stringMatching(/^phone,\+34600000000,sms,,stop,20/),
    ]);
    expect((await load('suppressions', String(exported.body))).body).toMatchObject({
      created: 0,
      unchanged: 2,
    });
  });

  it('reads columns, dates and amounts as the mapping says', async () => {
    const mapping = {
      columns: {
        externalId: 'No',
        customerExternalId: 'Kunde',
        total: 'Betrag',
        issuedOn: 'Datum',
        dueOn: 'Ziel',
      },
      constants: { currency: 'EUR' },
      date: 'DD.MM.YYYY',
      decimal: ',',
      thousands: '.',
      delimiter: ';',
    };
    const file = 'No;Kunde;Betrag;Datum;Ziel\nM-1;C-1;1.234,50;01.02.2026;15.02.2026\n';
    const answer = await load(`invoices?mapping=${encodeURIComponent(JSON.stringify(mapping))}`, file);
    expect(answer.body).toMatchObject({ created: 1, preset: null });
    expect((await client.get('/v1/invoices/ext:M-1')).body).toMatchObject({
      total: '1234.50',
      dueOn: '2026-02-15',
    });
  });

  it('keeps nothing of a dry run', async () => {
    const before = await customers();
    const { body } = await load('customers?dryRun=true', 'externalId,name\nCSV-DRY,Dry\n');
    expect(body).toMatchObject({ dryRun: true, created: 1 });
    expect(await customers()).toBe(before);
  });

  it('is answered again for its Idempotency-Key, and refused with another file', async () => {
    const key = { 'Idempotency-Key': randomUUID() };
    const file = 'externalId,name\nCSV-KEY,Key\n';
    const first = await load('customers', file, key);
    const again = await load('customers', file, key);
    expect(first.body).toMatchObject({ created: 1 });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await load('customers', `${file}CSV-MORE,More\n`, key)).status).toBe(422);
    expect((await client.get('/v1/customers/ext:CSV-MORE')).status).toBe(404);
  });

  it.each([
    ['', /./],
    ['\x00\x01\xff', /./],
    ['name\nno id\n', /externalId/],
  ])('of a file that cannot be read says why: %j', async (file, detail) => {
    const answer = await load('customers', file);
    expect(answer).toMatchObject({ status: 422, body: { detail: expect.stringMatching(detail) } });
  });

  it.each([
    ['invoices?mapping=%7B', 400, 'mapping'],
    ['invoices?mapping=%7B%22columns%22%3A%7B%22colour%22%3A%22C%22%7D%7D', 400, 'mapping'],
    ['invoices?dryRun=perhaps', 400, 'dryRun'],
    ['people', 400, 'kind'],
  ])('refuses what it does not understand: %s', async (path, status, field) => {
    expect(await load(path, 'a\n')).toMatchObject({ status, body: { errors: [{ path: field }] } });
  });

  it('takes a file of any size, in pieces', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => `BIG-${index},${'x'.repeat(190)},\n`).join('');
    const { body } = await load(
      'customers?dryRun=true',
      `externalId,name,region\n${rows}${rows.replaceAll('BIG', 'BIGGER')}`,
    );
    expect(body).toMatchObject({ rows: 6_000, created: 6_000 });
  });

  it('keeps what it took when the client goes away', async () => {
    const authorization = (await tokenOf()).authorization;
    const sending = httpRequest(`${api.url}/v1/imports/customers`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'text/csv' },
    });
    sending.on('error', () => undefined);
    sending.write('externalId,name\n');
    for (let index = 0; index < 600; index += 1) sending.write(`CSV-CUT-${index},Cut\n`);
    await eventually(async () => expect((await client.get('/v1/customers/ext:CSV-CUT-0')).status).toBe(200));
    sending.destroy();
    expect((await client.get('/readyz')).status).toBe(200);
  });
});

const tokenOf = async (): Promise<{ authorization: string }> => {
  const { body } = await client.post<{ token: string }>('/v1/api-keys', { name: 'Stream', role: 'manager' });
  return { authorization: `Bearer ${body.token}` };
};

describe('a list of open items', () => {
  let own: Client;

  beforeAll(async () => {
    ({ admin: own } = await api.organisation());
    await loadInvoice(own);
  });

  const send = <T>(query: string, body: string, headers: Record<string, string> = {}): Promise<Answer<T>> =>
    own.send<T>('POST', `/v1/imports/open-items${query}`, {
      body,
      headers: { 'content-type': 'text/csv', ...headers },
    });

  it('is taken whole, or not at all, and answered again for the same key', async () => {
    const { body } = await own.get<{ data: { externalId: string }[] }>('/v1/invoices');
    const [invoice] = body.data;
    const half = await send<{ detail: string; errors: object[] }>(
      '',
      `externalId,open,currency\n${invoice?.externalId},10.00,EUR\nI-9,much,EUR\n`,
    );
    expect(half.status).toBe(422);
    expect(half.body.errors).toEqual([
      { path: 'line 3, open', message: expect.stringContaining('is no amount') as unknown },
    ]);
    const file = `externalId,open,currency\n${invoice?.externalId},10.00,EUR\n`;
    const key = { 'idempotency-key': randomUUID() };
    const first = await send<{ lowered: string[] }>('', file, key);
    expect(first).toMatchObject({ status: 200, body: { lowered: [invoice?.externalId], open: 1 } });
    const again = await send('', file, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await send('', file)).toMatchObject({ body: { lowered: [], unchanged: 1 } });
  });

  it('sounds an alarm when too much is missing, and takes the list when somebody insists', async () => {
    for (let count = 0; count < 7; count += 1)
      await own.post('/v1/invoices', {
        ...{ externalId: `A-${count}`, customerExternalId: 'C-1', total: '10.00', currency: 'EUR' },
        ...{ issuedOn: '2013-01-02', dueOn: '2013-01-29' },
      });
    const empty = 'externalId,open,currency\n';
    const alarm = await send<{ detail: string; remedy: string }>('', empty);
    expect(alarm).toMatchObject({
      status: 409,
      body: {
        detail: '8 of 8 open invoices are missing in the list, and 5 may be; nothing was applied.',
        remedy: 'See whether the list is whole. If it is, send it again with force=true.',
      },
    });
    expect((await send('?maxDrop=101', empty)).status).toBe(400);
    expect((await send('?asOf=2100-01-01T00:00:00Z', empty)).status).toBe(422);
    expect(await send('?force=true&dryRun=true', empty)).toMatchObject({ status: 200, body: { open: 8 } });
    const forced = await send<{ closed: string[] }>('?force=true', empty);
    expect(forced.body.closed).toHaveLength(8);
    const { body } = await own.get<{ data: object[] }>('/v1/invoices?status=open');
    expect(body.data).toEqual([]);
  });
});
