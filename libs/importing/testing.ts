import type { ImportKind } from './fields.js';
import type { MappingInput } from './mapping.js';
import { mappingSchema } from './mapping.js';
import { type Row, type RowError, readRows } from './read-rows.js';

/** What a text reads as, all at once. For specs. */
export async function readText<K extends ImportKind>(
  kind: K,
  text: string | Buffer,
  mapping?: MappingInput,
): Promise<{ rows: Row<K>[]; errors: RowError[]; ignored: string[] }> {
  const parsed = mapping && mappingSchema.parse(mapping);
  const { rows, ignoredColumns } = await readRows(kind, inPieces(Buffer.from(text)), parsed);
  const result: { rows: Row<K>[]; errors: RowError[]; ignored: string[] } = {
    rows: [],
    errors: [],
    ignored: ignoredColumns,
  };
  for await (const read of rows) {
    if (read.ok) result.rows.push(read.row);
    else result.errors.push(...read.errors);
  }
  return result;
}

/** Pieces of odd sizes, so that characters and line ends are cut in two. */
export async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 101)
    yield bytes.subarray(at, at + size);
}

/** A cell as RFC 4180 writes it. */
export const cell = (value: string): string => `"${value.replaceAll('"', '""')}"`;
