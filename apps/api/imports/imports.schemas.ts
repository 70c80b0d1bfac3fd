import { z } from 'zod';
import { IMPORT_KINDS } from '#importing/index.js';
import { externalId, instant } from '#contracts/schemas/scalars.js';
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

export const snapshotQuery = z.strictObject({
  ...importQuery.shape,
  creditor: externalId
    .optional()
    .meta({ description: 'External id of whose list it is; the only creditor unless given' }),
  asOf: instant.optional().meta({ description: 'What the books were true at; now unless given' }),
  maxDrop: z.coerce
    .number('is no number; write how many of a hundred may be missing')
    .int()
    .min(0)
    .max(100)
    .optional()
    .meta({
      description:
        'How many of a hundred open invoices may be missing in the list; 20 unless given, and five in any case',
    }),
  force: flag.meta({ description: 'Applies the list although more are missing' }),
});

const ids = z.array(z.string());

export const snapshotResource = z
  .object({
    open: z.int().meta({ description: 'Open here before' }),
    closed: ids.meta({ description: 'Missing in the list, or nothing is owed by it: settled' }),
    lowered: ids.meta({ description: 'Less is owed by the list' }),
    raised: ids.meta({ description: 'More is owed by the list, because an earlier one had it lower' }),
    unchanged: z.int(),
    unknown: ids.meta({ description: 'No invoices of the creditor here: load them' }),
    disagreeing: ids.meta({
      description: 'More is owed by the list than can be, or in another currency: left as they are',
    }),
  })
  .meta({ description: 'What a list of open items changed; external ids of invoices' });

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
    enrolled: z
      .int()
      .meta({ description: 'Invoices that rules of enrolment have taken, when everything was in' }),
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

export type SnapshotQuery = z.output<typeof snapshotQuery>;
export type SnapshotResource = z.output<typeof snapshotResource>;
export type ImportQuery = z.output<typeof importQuery>;
export type ImportKindName = z.output<typeof importKind>;
export type ImportResource = z.output<typeof importResource>;
