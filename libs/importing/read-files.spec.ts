import { fileURLToPath } from 'node:url';
import { readMapping } from './mapping.js';
import { readCustomers, readInvoices, settlementPayment } from './read-files.js';

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const INVOICES = `${DATA}ar-invoices.csv`;

describe('the mapping of the sample files', () => {
  it('reads all 2,466 invoices of 100 customers, 877 of them settled late, without an error', async () => {
    const { rows, errors, preset } = await readInvoices(INVOICES);
    expect(errors).toEqual([]);
    expect(preset).toBe('ar-invoices');
    expect(rows).toHaveLength(2_466);
    expect(new Set(rows.map(({ input }) => input.customerExternalId)).size).toBe(100);
    expect(
      rows.filter(({ input, settlement }) => settlement && settlement.paidOn > input.dueOn),
    ).toHaveLength(877);
    const issued = rows.map(({ input }) => input.issuedOn).sort();
    expect([issued[0], issued.at(-1)]).toEqual(['2012-01-03', '2013-12-02']);
  });

  it('takes month before day, US dollars, and the settlement as a payment of the whole', async () => {
    const { rows } = await readInvoices(INVOICES);
    const first = rows[0];
    if (!first?.settlement) throw new Error('The first row of the sample is settled.');
    expect(first.input).toEqual({
      externalId: '611365',
      customerExternalId: '0379-NEVHP',
      total: '55.94',
      currency: 'USD',
      issuedOn: '2013-01-02',
      dueOn: '2013-02-01',
    });
    expect(settlementPayment(first.input, first.settlement)).toEqual({
      externalId: '611365/settlement',
      customerExternalId: '0379-NEVHP',
      invoiceExternalId: '611365',
      amount: '55.94',
      currency: 'USD',
      paidOn: '2013-01-15',
    });
  });

  it('reads the 100 customers, gaps included', async () => {
    const { rows, errors } = await readCustomers(`${DATA}ar-customers.csv`);
    expect(errors).toEqual([]);
    expect(rows).toHaveLength(100);
    expect(rows.filter(({ email }) => email === null)).toHaveLength(2);
    expect(rows.filter(({ phone }) => phone === null)).toHaveLength(6);
    expect(rows.filter(({ telegramChatId }) => telegramChatId)).toHaveLength(33);
    expect(rows[0]).toEqual({
      externalId: '0187-ERLSR',
      name: 'Customer 0187-ERLSR',
      email: 'accounts+0187-erlsr@example.test',
      phone: '+447700900000',
      telegramChatId: '100000',
      telegramConsent: { how: 'made up: a chat is opened by its owner', at: '2011-12-31T00:00:00Z' },
      locale: 'es',
      zone: 'Europe/Madrid',
      preferredMedium: 'call',
      country: 'ES',
      address: { street: '1 Harbour Street', city: 'Sampletown', postcode: '10000', country: 'ES' },
    });
  });

  it('says which file cannot be opened', async () => {
    await expect(readInvoices('/nowhere/at-all.csv')).rejects.toThrow(
      '/nowhere/at-all.csv cannot be opened (ENOENT). Correct its path',
    );
  });

  it('says which file has a header that is not recognised', async () => {
    const path = fileURLToPath(new URL('../../samples/customers.csv', import.meta.url));
    await expect(readInvoices(path)).rejects.toThrow(
      `Line 1 of ${path} has columns that are not recognised for invoices`,
    );
  });

  it('says which mapping is wrong', async () => {
    const path = fileURLToPath(new URL('../../samples/standard-reminders.yaml', import.meta.url));
    await expect(readMapping(path, 'invoices')).rejects.toThrow(`${path} is wrong at columns`);
    await expect(readMapping('/nowhere/map.yaml', 'invoices')).rejects.toThrow(
      '/nowhere/map.yaml cannot be read (ENOENT). Correct its path.',
    );
  });
});
