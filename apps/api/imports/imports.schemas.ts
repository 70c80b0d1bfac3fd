import { z } from 'zod';
import { IMPORT_KINDS } from '#importing/index.js';
import { flag } from '../common/query-fields.js';

export const importKind = z
  .enum(IMPORT_KINDS, `is nothing to import; write one of ${IMPORT_KINDS.join(', ')}`)
  .meta({ description: 'What the rows are', example: 'invoices' });

export const importQuery = z.strictObject({
  dryRun: flag.meta({ description: 'Checks everything and keeps nothing' }),
  mapping: z.string().max(16_000).optional().meta({
    description:
      'Which column is which field and how dates and amounts are written, as JSON; recognised by the header unless given',
    example:
      '{"columns":{"externalId":"No","total":"Amount"},"constants":{"currency":"EUR"},"date":"DD.MM.YYYY"}',
  }),
});

const counts = { created: z.int(), updated: z.int(), unchanged: z.int() };

const rowError = z.object({
  line: z.int().meta({ description: 'Where the row begins; the header is line 1' }),
  column: z.string().nullable(),
  value: z.string().nullable(),
  what: z.string(),
  remedy: z.string(),
});

export const importResource = z
  .object({
    kind: importKind,
    dryRun: z.boolean(),
    preset: z.string().nullable().meta({ description: 'As which the file was recognised' }),
    ignoredColumns: z.array(z.string()),
    rows: z.int().meta({ description: 'Rows read, good and bad' }),
    ...counts,
    failed: z.int().meta({ description: 'Rows that were not taken' }),
    settlements: z.object({ ...counts, failed: z.int(), ahead: z.int() }).meta({
      description: 'Payments out of the settlements of invoices; `ahead` lie in the future and were left out',
    }),
    errors: z.array(rowError).meta({ description: 'The first thousand' }),
    errorCount: z.int(),
    unreadable: z
      .object({ line: z.int().nullable(), what: z.string(), remedy: z.string() })
      .nullable()
      .meta({ description: 'Why the file could not be read to its end; rows before were taken' }),
  })
  .meta({ id: 'ImportReport', description: 'What became of a file' });

export type ImportQuery = z.output<typeof importQuery>;
export type ImportKindName = z.output<typeof importKind>;
export type ImportResource = z.output<typeof importResource>;
