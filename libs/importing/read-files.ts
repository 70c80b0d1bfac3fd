import { createReadStream } from 'node:fs';
import type { CustomerInput, InvoiceInput, PaymentInput } from '#contracts/schemas/index.js';
import type { ImportKind } from './fields.js';
import type { Mapping } from './mapping.js';
import { type Row, type RowError, type Settlement, readRows } from './read-rows.js';
import { naming, UnreadableFileError } from './unreadable.js';

/** A whole file in memory: for `play` and `simulate`, which need all of it at once. */
export interface FileOf<T> {
  rows: T[];
  errors: RowError[];
  preset: string | null;
}

export interface InvoiceRow {
  input: InvoiceInput;
  settlement: Settlement | null;
}

/**
 * @param mapping undefined: recognised by the file's header
 * @throws {UnreadableFileError}
 */
export const readCustomers = (path: string, mapping?: Mapping): Promise<FileOf<CustomerInput>> =>
  readFileOf('customers', path, mapping, ({ input }) => input);

/** As {@link readCustomers}. */
export const readInvoices = (path: string, mapping?: Mapping): Promise<FileOf<InvoiceRow>> =>
  readFileOf('invoices', path, mapping, ({ input, settlement }) => ({ input, settlement }));

const readFileOf = <K extends ImportKind, T>(
  kind: K,
  path: string,
  mapping: Mapping | undefined,
  pick: (row: Row<K>) => T,
): Promise<FileOf<T>> =>
  naming(path, async () => {
    const { preset, rows } = await readRows(kind, openFile(path), mapping);
    const file: FileOf<T> = { rows: [], errors: [], preset };
    for await (const read of rows) {
      if (read.ok) file.rows.push(pick(read.row));
      else file.errors.push(...read.errors);
    }
    return file;
  });

/** A file's bytes; an error of the file system comes as an {@link UnreadableFileError}. */
export async function* openFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const what = `cannot be opened (${code})`;
    throw new UnreadableFileError(
      { line: null, what, remedy: 'Correct its path, or its permissions' },
      { cause: error },
    );
  }
}

/** The payment that a settlement means; recording it again changes nothing. */
export const settlementPayment = (
  { externalId, customerExternalId, currency }: InvoiceInput,
  { paidOn, amount }: Settlement,
): PaymentInput => ({
  externalId: `${externalId}/settlement`,
  customerExternalId,
  invoiceExternalId: externalId,
  amount,
  currency,
  paidOn,
});
