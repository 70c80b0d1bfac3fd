import { z } from 'zod';
import { amount, localDate } from '#contracts/schemas/scalars.js';
import type { LocalDate } from '#domain/instant.js';
import { type Column, type Plan, planColumns } from './columns.js';
import type { Bytes } from './decode.js';
import { type ImportKind, type InputOf, SCHEMAS, SETTLEMENT_FIELDS } from './fields.js';
import type { Mapping } from './mapping.js';
import { type CsvRecord, recordsOf } from './records.js';
import { unreadable } from './unreadable.js';

/** What is wrong with one cell, or with a row. */
export interface RowError {
  /** Where the row begins, counted from 1; the header is line 1. */
  line: number;
  /** Its header; null for the row as a whole. */
  column: string | null;
  /** As in the file, shortened. */
  value: string | null;
  what: string;
  remedy: string;
}

/** How an invoice was paid, according to the file. Decimal text in the invoice's currency. */
export interface Settlement {
  paidOn: LocalDate;
  amount: string;
}

export interface Row<K extends ImportKind> {
  line: number;
  input: InputOf[K];
  settlement: Settlement | null;
  /** For errors that only the store can find. */
  describe(field: string, message: string): RowError;
}

export type ReadRow<K extends ImportKind> =
  { ok: true; row: Row<K> } | { ok: false; line: number; errors: RowError[] };

export interface RowsOf<K extends ImportKind> {
  preset: string | null;
  /** Columns that nothing is mapped to. */
  ignoredColumns: string[];
  rows: AsyncGenerator<ReadRow<K>>;
}

/**
 * Reads a CSV file row by row, each as the input of a command or as what is wrong with it. No row is kept; of each only
 * its external id, to find those that come twice.
 *
 * @param mapping undefined: recognised by the file's header
 * @throws {UnreadableFileError} here for a file without a usable header; in the iteration where it stops being CSV
 */
export async function readRows<K extends ImportKind>(
  kind: K,
  source: Bytes,
  mapping?: Mapping,
): Promise<RowsOf<K>> {
  const pieces = recordsOf(source, mapping ?? {});
  const [header, ...rest] = await firstOf(pieces);
  if (!header) throw unreadable('is empty', 'Export it again, with a header line');
  const plan = planColumns(kind, header.cells, mapping);
  return { preset: plan.preset, ignoredColumns: plan.ignored, rows: rowsOf(kind, plan, rest, pieces) };
}

/** The first piece with a record in it. */
async function firstOf(pieces: AsyncGenerator<CsvRecord[]>): Promise<CsvRecord[]> {
  for (;;) {
    const next = await pieces.next();
    if (next.done) return [];
    if (next.value.length > 0) return next.value;
  }
}

async function* rowsOf<K extends ImportKind>(
  kind: K,
  plan: Plan,
  first: CsvRecord[],
  pieces: AsyncGenerator<CsvRecord[]>,
): AsyncGenerator<ReadRow<K>> {
  const seen = new Map<string, number>();
  const read = (record: CsvRecord): ReadRow<K> => onlyOnce(readRow(kind, plan, record), seen, plan);
  for (const record of first) yield read(record);
  for await (const piece of pieces) for (const record of piece) yield read(record);
}

function onlyOnce<K extends ImportKind>(read: ReadRow<K>, seen: Map<string, number>, plan: Plan): ReadRow<K> {
  if (!read.ok) return read;
  const { line, input } = read.row;
  // What has no id of its own may be said twice: it changes nothing.
  if (!('externalId' in input)) return read;
  const first = seen.get(input.externalId);
  if (first === undefined) {
    seen.set(input.externalId, line);
    return read;
  }
  const column = plan.columns.find(({ field }) => field === 'externalId')?.name ?? null;
  const what = `is in line ${first} already`;
  const error = {
    line,
    column,
    value: shorten(input.externalId),
    what,
    remedy: 'Remove one of the two rows',
  };
  return { ok: false, line, errors: [error] };
}

function readRow<K extends ImportKind>(kind: K, plan: Plan, { line, cells }: CsvRecord): ReadRow<K> {
  const width = widthError(plan, line, cells);
  if (width) return { ok: false, line, errors: [width] };
  const describe = describer(plan, line, cells);
  const { values, settlement, errors } = convertCells(plan, cells, describe);
  const checked = (SCHEMAS[kind] as z.ZodType<InputOf[K]>).safeParse(values);
  const paid = settlementCheck.safeParse(settlement);
  const known = new Set(errors.map(({ column }) => column));
  for (const issue of [...(checked.error?.issues ?? []), ...(paid.error?.issues ?? [])]) {
    const error = describe(issue.path.join('.'), issue.message);
    if (!known.has(error.column)) errors.push(error);
    known.add(error.column);
  }
  if (errors.length > 0 || !checked.success) return { ok: false, line, errors };
  return {
    ok: true,
    row: { line, input: checked.data, settlement: settlementOf(checked.data, settlement), describe },
  };
}

const settlementCheck = z.object({ settledOn: localDate.optional(), settledAmount: amount.optional() });

/** Cells beyond the header are let pass when they are empty, as spreadsheets write them. */
function widthError({ width }: Plan, line: number, cells: readonly string[]): RowError | null {
  const fits = cells.length >= width && cells.slice(width).every((cell) => cell === '');
  if (fits) return null;
  const what = `has ${cells.length} cells where the header has ${width}`;
  const remedy = 'Add or remove cells, and put quotes around a cell that has the delimiter in it';
  return { line, column: null, value: shorten(cells.join(' | ')), what, remedy };
}

const describer =
  ({ columns }: Plan, line: number, cells: readonly string[]) =>
  (field: string, message: string): RowError => {
    const column = columns.find((each) => each.field === field);
    const split = message.lastIndexOf('; ');
    const [what, remedy] =
      split < 0 ? [message, 'Correct it'] : [message.slice(0, split), message.slice(split + 2)];
    const value = column ? shorten(cellOf(column, cells)) : null;
    return { line, column: column?.name ?? null, value, what, remedy: capital(remedy) };
  };

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const cellOf = ({ index, constant }: Column, cells: readonly string[]): string =>
  index === null ? constant : (cells[index] ?? '');

/** At most 60 characters. */
const shorten = (value: string): string => (value.length > 60 ? `${value.slice(0, 59)}…` : value);

interface Cells {
  values: Record<string, unknown>;
  /** By field. */
  settlement: Record<string, string>;
  errors: RowError[];
}

function convertCells(
  { columns }: Plan,
  cells: readonly string[],
  describe: (field: string, message: string) => RowError,
): Cells {
  const result: Cells = { values: {}, settlement: {}, errors: [] };
  for (const column of columns) {
    const { field, spec, convert } = column;
    const raw = cellOf(column, cells);
    const cell = spec.type === 'text' ? raw : raw.trim();
    if (cell === '') {
      if (spec.required) result.errors.push(describe(field, 'is empty; fill it in'));
      else if (spec.clears) put(result.values, field, null);
      continue;
    }
    const converted = convert(cell);
    if (!converted.ok) result.errors.push(describe(field, converted.message));
    else if (SETTLEMENT_FIELDS.includes(field)) result.settlement[field] = String(converted.value);
    else put(result.values, field, converted.value);
  }
  return result;
}

/** Sets `address.city` of an object. */
function put(target: Record<string, unknown>, field: string, value: string | boolean | null): void {
  const dot = field.indexOf('.');
  if (dot < 0) {
    target[field] = value;
    return;
  }
  const group = field.slice(0, dot);
  const inner = (target[group] ??= {}) as Record<string, unknown>;
  inner[field.slice(dot + 1)] = value;
}

/** A day without an amount means the whole of it. */
function settlementOf(
  input: InputOf[ImportKind],
  { settledOn, settledAmount }: Record<string, string>,
): Settlement | null {
  if (settledOn === undefined || !('total' in input)) return null;
  return { paidOn: settledOn, amount: settledAmount ?? input.total };
}
