import type { OpenItemInput } from '#contracts/schemas/index.js';
import type { Bytes } from './decode.js';
import type { Mapping } from './mapping.js';
import { type RowError, readRows } from './read-rows.js';

export type OpenItems =
  { ok: true; items: OpenItemInput[] } | { ok: false; errors: RowError[]; errorCount: number };

const MOST_ERRORS = 1_000;

/**
 * Reads a list of all that is open, whole: of one with a row that cannot be read nobody can say what is missing in it.
 *
 * @throws {UnreadableFileError} when the file cannot be read to its end
 */
export async function readOpenItems(source: Bytes, mapping?: Mapping): Promise<OpenItems> {
  const { rows } = await readRows('open-items', source, mapping);
  const items: OpenItemInput[] = [];
  const errors: RowError[] = [];
  let errorCount = 0;
  for await (const read of rows) {
    if (read.ok) items.push(read.row.input);
    else {
      errorCount += read.errors.length;
      errors.push(...read.errors.slice(0, MOST_ERRORS - errors.length));
    }
  }
  return errorCount > 0 ? { ok: false, errors, errorCount } : { ok: true, items };
}
