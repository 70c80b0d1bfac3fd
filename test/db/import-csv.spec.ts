import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { weekendCalendar } from '#domain/working-days.js';
import { type RowKind, type ImportOptions, engineSink, importCsv } from '#importing/index.js';
import { type World, anotherOrganisation, enrol, openWorld, told, withInvoice } from './facts-world.js';
import type { TestStore } from './store.js';

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

let store: TestStore;
let world: World;

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
});

async function* text(content: string): AsyncGenerator<string> {
  yield content;
}

const importText = (kind: RowKind, content: string, options: ImportOptions = {}) =>
  importCsv(kind, text(content), options, engineSink(world.app, world.organisationId, weekendCalendar));

const importFile = (kind: RowKind, name: string, options: ImportOptions = {}) =>
  importCsv(
    kind,
    createReadStream(`${DATA}${name}`),
    options,
    engineSink(world.app, world.organisationId, weekendCalendar),
  );

const countOf = async (table: string): Promise<number> => {
  const [row] = await world.rows<{ count: number }>(`select count(*) from ${table}`);
  return row?.count ?? NaN;
};

const CUSTOMERS = 'externalId,name,email\nC-1,Sample Ltd,a@example.test\n';
const INVOICE_HEADER = 'externalId,customerExternalId,total,currency,issuedOn,dueOn';
const INVOICES = `${INVOICE_HEADER}\nINV-1,C-1,100.00,EUR,2026-02-01,2026-03-03\n`;

describe('an import into the store', () => {
  it('takes the sample files whole, with their settlements, and changes nothing the second time', async () => {
    expect(await importFile('customers', 'ar-customers.csv')).toMatchObject({ created: 100, failed: 0 });
    expect(await importFile('invoices', 'ar-invoices.csv')).toMatchObject({
      preset: 'ar-invoices',
      rows: 2_466,
      created: 2_466,
      failed: 0,
      settlements: { created: 2_466, failed: 0 },
      ignoredColumns: [
        'countryCode',
        'PaperlessDate',
        'Disputed',
        'PaperlessBill',
        'DaysToSettle',
        'DaysLate',
      ],
    });
    expect(await world.rows('select status, count(*) from invoice group by 1')).toEqual([
      { status: 'settled', count: 2_466 },
    ]);
    const late = `select count(*) from invoice i join customer c on c.id = i.customer_id
      where (i.settled_at at time zone c.zone)::date > i.due_on`;
    expect(await world.rows(late)).toEqual([{ count: 877 }]);
    expect(await importFile('customers', 'ar-customers.csv')).toMatchObject({
      unchanged: 100,
      created: 0,
      updated: 0,
    });
    expect(await importFile('invoices', 'ar-invoices.csv')).toMatchObject({
      unchanged: 2_466,
      created: 0,
      updated: 0,
      settlements: { unchanged: 2_466, created: 0 },
    });
    expect(await countOf('payment')).toBe(2_466);
  }, 120_000);

  it('checks everything in a dry run and keeps nothing', async () => {
    const report = await importFile('customers', 'ar-customers.csv', { dryRun: true });
    expect(report).toMatchObject({ dryRun: true, created: 100, failed: 0 });
    expect(await countOf('customer')).toBe(0);
    const invoices = await importFile('invoices', 'ar-invoices.csv', { dryRun: true });
    expect(invoices).toMatchObject({ created: 0, failed: 2_466, errorCount: 2_466 });
    expect(invoices.errors[0]).toEqual({
      line: 2,
      column: 'customerID',
      value: '0379-NEVHP',
      what: 'is no customer',
      remedy: 'Load the customer first, or correct the id',
    });
  });

  it('keeps a cell that looks like a formula as it is', async () => {
    await importText('customers', `externalId,name\nC-1,"=HYPERLINK(""http://example.test"")"\n`);
    expect(await world.rows('select name from customer')).toEqual([
      { name: '=HYPERLINK("http://example.test")' },
    ]);
  });

  it('takes the good rows of a file and says of the others which cell is wrong', async () => {
    await importText('customers', CUSTOMERS);
    const rows = [
      'INV-1,C-1,100.00,EUR,2026-02-01,2026-03-03',
      'INV-2,C-9,100.00,EUR,2026-02-01,2026-03-03',
      'INV-3,C-1,-1.00,EUR,2026-02-01,2026-03-03',
      'INV-4,C-1,1.00,EUR,2026-02-31,2026-03-03',
      'INV-1,C-1,1.00,EUR,2026-02-01,2026-03-03',
    ];
    const report = await importText('invoices', `${INVOICE_HEADER}\n${rows.join('\n')}\n`);
    expect(report).toMatchObject({ rows: 5, created: 1, failed: 4 });
    const found = report.errors.map(({ line, column, what }) => `${line} ${column} ${what}`).sort();
    expect(found).toEqual([
      '3 customerExternalId is no customer',
      '4 total is negative',
      '5 issuedOn is no date',
      '6 externalId is in line 2 already',
    ]);
  });

  it('records payments once, by customer, invoice or reference, and tells the workflow', async () => {
    await withInvoice(world);
    const enrolment = await enrol(world);
    const payments = [
      'externalId,customerExternalId,invoiceExternalId,reference,amount,currency,paidOn',
      'P-1,,INV-1,,40.00,EUR,2026-03-01',
      'P-2,,,INV-1,60.00,EUR,2026-03-01',
      'P-3,C-1,,thanks,5.00,EUR,2026-03-02',
      'P-4,,,who knows,5.00,EUR,2026-03-02',
      'P-5,C-1,INV-1,,5.00,USD,2026-03-02',
    ].join('\n');
    const report = await importText('payments', payments);
    expect(report).toMatchObject({ created: 3, failed: 2 });
    expect(report.errors.map(({ line, column }) => [line, column])).toEqual([
      [5, 'reference'],
      [6, 'invoiceExternalId'],
    ]);
    expect(await world.rows('select status from invoice')).toEqual([{ status: 'settled' }]);
    expect((await told(world, enrolment)).facts).toBe(1);
    expect(await importText('payments', payments)).toMatchObject({ created: 0, unchanged: 3, failed: 2 });
  });

  it('leaves out a settlement that has not come yet', async () => {
    await importText('customers', CUSTOMERS);
    const settled = INVOICES.replace('dueOn', 'dueOn,settledOn').replace(
      '2026-03-03',
      '2026-03-03,2026-03-09',
    );
    expect(await importText('invoices', settled)).toMatchObject({
      created: 1,
      settlements: { created: 0, ahead: 1 },
    });
    expect(await world.rows('select status from invoice')).toEqual([{ status: 'open' }]);
  });
});
