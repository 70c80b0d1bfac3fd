import fc from 'fast-check';
import { UnreadableFileError } from './unreadable.js';
import { cell, readText } from './testing.js';

const HEADER = 'externalId,customerExternalId,total,currency,issuedOn,dueOn';
const ROW = 'INV-1,C-1,100.00,EUR,2026-01-01,2026-01-31';

/** One invoice with some cells changed. */
const invoice = (cells: Record<string, string>): string => {
  const names = HEADER.split(',');
  const values = ROW.split(',').map((value, index) => cell(cells[names[index] ?? ''] ?? value));
  return `${HEADER}\n${values.join(',')}\n`;
};

const reasonOf = async (reading: Promise<unknown>): Promise<UnreadableFileError['reason']> => {
  const error: unknown = await reading.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof UnreadableFileError) return error.reason;
  throw error;
};

describe('reading rows', () => {
  it('lets any cell survive the trip', async () => {
    const names = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
      .filter((name) => !name.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.array(names, { minLength: 1, maxLength: 20 }), async (list) => {
        const lines = list.map((name, index) => `C-${index},${cell(name)}`);
        const { rows, errors } = await readText('customers', `externalId,name\r\n${lines.join('\r\n')}\r\n`, {
          columns: { externalId: 'externalId', name: 'name' },
        });
        expect(errors).toEqual([]);
        expect(rows.map(({ input }) => input.name)).toEqual(list);
      }),
      { numRuns: 200 },
    );
  });

  it.each(["=cmd|'/C calc'!A0", '+1+1', '-2+3', '@SUM(A1)', '\t=1', 'a "quoted" word', 'one, two; three'])(
    'keeps %j as data',
    async (name) => {
      const { rows } = await readText('customers', `externalId,name\nC-1,${cell(name)}\n`);
      expect(rows[0]?.input.name).toBe(name);
    },
  );

  it('takes a quote in the middle of an unquoted cell as it is', async () => {
    const { rows } = await readText('customers', 'externalId,name\nC-1,5" pipe\n');
    expect(rows[0]?.input.name).toBe('5" pipe');
  });

  it('counts lines as an editor does, over blank lines and cells of several lines', async () => {
    const text = `externalId,name\r\nC-1,"two\r\nlines"\r\n\r\nC-2,b\r\nC-1,again\r\n`;
    const { rows, errors } = await readText('customers', text);
    expect(rows.map(({ line }) => line)).toEqual([2, 5]);
    expect(errors).toEqual([
      {
        line: 6,
        column: 'externalId',
        value: 'C-1',
        what: 'is in line 2 already',
        remedy: 'Remove one of the two rows',
      },
    ]);
  });

  it('reads yes and no as programs write them, also as a constant', async () => {
    const cells = ['yes', 'Y', 'true', '1', 'no', 'N', 'FALSE', '0', ''];
    const lines = cells.map((vip, index) => `C-${index},Name,${vip}`);
    const { rows } = await readText('customers', `externalId,name,vip\n${lines.join('\n')}\n`);
    expect(rows.map(({ input }) => input.vip)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      undefined,
    ]);
    const wrong = await readText('customers', 'externalId,name,vip\nC-1,Name,perhaps\n');
    expect(wrong.errors).toMatchObject([
      { column: 'vip', what: 'is neither yes nor no', remedy: 'Write one of them' },
    ]);
    const columns = { externalId: 'id', name: 'name' };
    const all = await readText('customers', 'id,name\nC-1,Name\n', { columns, constants: { vip: 'yes' } });
    expect(all.rows.map(({ input }) => input.vip)).toEqual([true]);
  });

  it('clears by an empty cell and leaves alone what has no column', async () => {
    const { rows } = await readText('customers', 'externalId,name,email,locale\nC-1,a,,\n');
    expect(rows[0]?.input).toEqual({ externalId: 'C-1', name: 'a', email: null });
  });

  it.each([
    [{ total: '-5.00' }, 'total', 'is negative'],
    [{ total: '0' }, 'total', 'is zero'],
    [{ total: '55,94' }, 'total', 'is no amount'],
    [{ total: '1.2345' }, 'total', 'does not fit EUR'],
    [{ total: '' }, 'total', 'is empty'],
    [{ currency: 'EURO' }, 'currency', 'is no currency'],
    [{ issuedOn: '01/02/2026' }, 'issuedOn', 'is no date of the form YYYY-MM-DD'],
    [{ dueOn: '2026-02-30' }, 'dueOn', 'is no date'],
    [{ dueOn: '2026-13-01' }, 'dueOn', 'has no month 13'],
    [{ dueOn: '2025-12-31' }, 'dueOn', 'is before the issue date'],
    [{ customerExternalId: ' ' }, 'customerExternalId', 'is empty'],
  ])('says of %j where, what and how to mend it', async (cells, column, what) => {
    const { rows, errors } = await readText('invoices', invoice(cells));
    expect(rows).toEqual([]);
    expect(errors).toEqual([
      {
        line: 2,
        column,
        value: expect.any(String) as string,
        what,
        remedy: expect.stringMatching(/^[A-Z]/) as string,
      },
    ]);
  });

  it('finds every error of a row, and takes the other rows', async () => {
    const text = `${HEADER}\nINV-2,C-1,abc,XXX,no,2026-01-31\n${ROW}\n`;
    const { rows, errors } = await readText('invoices', text);
    expect(errors.map(({ column }) => column).sort()).toEqual(['currency', 'issuedOn', 'total']);
    expect(rows).toHaveLength(1);
  });

  it('shortens a long value and names a row with too few cells', async () => {
    const { errors } = await readText('invoices', `${invoice({ currency: 'x'.repeat(300) })}INV-2,C-1\n`);
    expect(errors[0]?.value).toHaveLength(60);
    expect(errors[1]).toMatchObject({ line: 3, column: null, what: 'has 2 cells where the header has 6' });
  });
});

describe('a mapping', () => {
  const columns = {
    externalId: 'Nr',
    customerExternalId: 'Kunde',
    total: 'Betrag',
    issuedOn: 'Datum',
    dueOn: 'Fällig',
  };
  const german = {
    columns,
    constants: { currency: 'EUR' },
    date: 'DD.MM.YYYY',
    decimal: ',',
    thousands: '.',
  } as const;
  const text = 'Nr;Kunde;Betrag;Datum;Fällig;Notiz\n7;C-1;1.234,50;01.02.2026;03.03.2026;x\n';
  const input = {
    externalId: '7',
    customerExternalId: 'C-1',
    total: '1234.50',
    currency: 'EUR',
    issuedOn: '2026-02-01',
    dueOn: '2026-03-03',
  };

  it('says where fields are and how dates and amounts are written', async () => {
    const { rows, ignored } = await readText('invoices', text, german);
    expect(rows[0]?.input).toEqual(input);
    expect(ignored).toEqual(['Notiz']);
  });

  it.each(['utf-16le', 'latin1'] as const)('reads a file in %s', async (encoding) => {
    const { rows } = await readText('invoices', Buffer.from(text, encoding), { ...german, encoding });
    expect(rows[0]?.input).toEqual(input);
  });

  it('reads Cyrillic of windows-1251', async () => {
    const bytes = Buffer.concat([
      Buffer.from('externalId;name\nC-1;'),
      Buffer.from([0xcf, 0xe5, 0xf2, 0xf0]),
    ]);
    const { rows } = await readText('customers', bytes, {
      columns: { externalId: 'externalId', name: 'name' },
      encoding: 'windows-1251',
    });
    expect(rows[0]?.input.name).toBe('Петр');
  });

  it('is not fooled by a byte order mark', async () => {
    for (const bytes of [Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      expect((await readText('invoices', bytes, german)).rows[0]?.input).toEqual(input);
    }
  });

  it('groups digits by threes only, with any kind of space', async () => {
    const spaced = { ...german, thousands: ' ' } as const;
    const read = async (amount: string) =>
      readText('invoices', `Nr;Kunde;Betrag;Datum;Fällig\n7;C-1;${amount};01.02.2026;03.03.2026\n`, spaced);
    expect((await read('1\u00a0234,50')).rows[0]?.input.total).toBe('1234.50');
    expect((await read('12 34,50')).errors[0]).toMatchObject({ column: 'Betrag', what: 'is no amount' });
  });

  it('checks the day and the amount an invoice was settled by', async () => {
    const settled = { ...german, columns: { ...columns, settledOn: 'Bezahlt', settledAmount: 'Gezahlt' } };
    const file = (paid: string) =>
      `Nr;Kunde;Betrag;Datum;Fällig;Bezahlt;Gezahlt\n7;C-1;9,00;01.02.2026;03.03.2026;${paid}\n`;
    expect((await readText('invoices', file('05.03.2026;4,00'), settled)).rows[0]?.settlement).toEqual({
      paidOn: '2026-03-05',
      amount: '4.00',
    });
    expect((await readText('invoices', file(';'), settled)).rows[0]?.settlement).toBeNull();
    expect((await readText('invoices', file('30.02.2026;-1,00'), settled)).errors).toMatchObject([
      { column: 'Bezahlt', what: 'is no date' },
      { column: 'Gezahlt', what: 'is negative' },
    ]);
  });
});

describe('a file that cannot be read', () => {
  const columns = { externalId: 'externalId', name: 'name' };

  it.each([
    ['is empty', ''],
    ['is empty', '\n\n'],
    ['has the column "name" twice', 'externalId,name,name\n'],
    [
      'has columns that are not recognised for customers (id, title): externalId, name cannot be found',
      'id,title\n1,a\n',
    ],
    ['holds bytes that are no text', Buffer.from([1, 2, 0, 3, 10, 0, 9, 9])],
    ['is a spreadsheet or an archive', Buffer.from([0x50, 0x4b, 3, 4, 20, 0])],
    ['is not utf-8 after byte 0', Buffer.from([0xcf, 0xe5, 0xf2, 0xf0, 0x2c, 0x41])],
  ])('%s', async (what, bytes) => {
    const reason = await reasonOf(readText('customers', bytes));
    expect(reason).toMatchObject({ what, remedy: expect.stringMatching(/^[A-Z]/) as string });
  });

  it('opens a quote that is never closed', async () => {
    const text = `externalId,name\nC-1,a\nC-2,"b\n${'C-3,c\n'.repeat(10)}`;
    expect(await reasonOf(readText('customers', text))).toMatchObject({
      line: 3,
      what: 'opens a quote that is never closed',
    });
    const endless = `externalId,name\nC-2,"b\n${'C-3,c\n'.repeat(300_000)}`;
    expect(await reasonOf(readText('customers', endless))).toMatchObject({
      line: 2,
      what: 'opens a quote that is never closed',
    });
  });

  it('lacks a column that the mapping names, or a field without which it is of no use', async () => {
    const mapped = { columns: { ...columns, email: 'mail' } };
    expect((await reasonOf(readText('customers', 'externalId,name\n', mapped))).what).toBe(
      'has no column "mail", which the mapping names',
    );
    const partly = { columns: { externalId: 'externalId' } };
    expect((await reasonOf(readText('customers', 'externalId,name\n', partly))).what).toBe(
      'is mapped without name',
    );
  });
});
