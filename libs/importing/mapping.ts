import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { dateFormatProblem } from './convert.js';
import { FIELDS, FILE_KINDS, type ImportKind } from './fields.js';
import { naming, unreadable } from './unreadable.js';

export const ENCODINGS = [
  'utf-8',
  'utf-16',
  'utf-16le',
  'utf-16be',
  'windows-1251',
  'windows-1252',
  'latin1',
] as const;

/** Where each field of the input comes from, and how the file writes dates and amounts. */
export const mappingSchema = z
  .strictObject({
    columns: z.record(z.string(), z.string().min(1)).meta({
      description: 'Field → name of its column',
      example: { externalId: 'invoiceNumber', total: 'InvoiceAmount' },
    }),
    constants: z
      .record(z.string(), z.string().min(1))
      .default({})
      .meta({ description: 'Field → its value in every row', example: { currency: 'USD' } }),
    date: z
      .string()
      .default('YYYY-MM-DD')
      .refine((format) => dateFormatProblem(format) === null, {
        error: ({ input }) => dateFormatProblem(String(input)) ?? '',
      })
      .meta({ description: 'How dates are written, as M/D/YYYY or DD.MM.YYYY' }),
    decimal: z.enum(['.', ','], 'is no decimal mark; write "." or ","').default('.'),
    thousands: z
      .enum(['', ',', '.', ' ', "'"], 'is no thousands separator; write one of "", ",", ".", " " or "\'"')
      .default(''),
    delimiter: z.string().length(1, 'is no delimiter; write one character like ";"').optional(),
    encoding: z.enum(ENCODINGS, `is no encoding; write one of ${ENCODINGS.join(', ')}`).optional(),
  })
  .refine(({ decimal, thousands }) => decimal !== thousands, {
    path: ['thousands'],
    message: 'is the decimal mark as well; write another',
  });

export type Mapping = z.output<typeof mappingSchema>;
export type MappingInput = z.input<typeof mappingSchema>;

/**
 * The mapping of one kind out of a file's text (YAML, so JSON too): a mapping alone, or one under the name of each kind.
 *
 * @returns undefined when the file has mappings for other kinds only
 * @throws {UnreadableFileError} naming the path within the mapping
 */
export function parseMapping(text: string, kind: ImportKind): Mapping | undefined {
  const document = parseDocument(text);
  if (FILE_KINDS.some((each) => each in document)) {
    return kind in document ? checkMapping(document[kind], kind) : undefined;
  }
  return checkMapping(document, kind);
}

/** @throws {UnreadableFileError} also when the file cannot be opened */
export async function readMapping(path: string, kind: ImportKind): Promise<Mapping | undefined> {
  return naming(path, async () => {
    const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw unreadable(`cannot be read (${cause.code ?? cause.message})`, 'Correct its path');
    });
    return parseMapping(text, kind);
  });
}

function parseDocument(text: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw unreadable(`is no YAML or JSON (${error.message.split('\n')[0]})`, 'Correct it there');
  }
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) return { ...document };
  throw unreadable('has no fields', 'Write columns: and below it field: column');
}

/** @throws {UnreadableFileError} naming the path within the mapping */
export function checkMapping(value: unknown, kind: ImportKind): Mapping {
  const checked = mappingSchema.safeParse(value);
  const [issue] = checked.error?.issues ?? [];
  if (issue) {
    const where = issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
    throw unreadable(`is wrong${where}: ${issue.message}`, 'Correct it there');
  }
  const mapping = mappingSchema.parse(value);
  const fields = FIELDS[kind];
  for (const field of Object.keys({ ...mapping.columns, ...mapping.constants })) {
    if (Object.hasOwn(fields, field)) continue;
    const all = Object.keys(fields).join(', ');
    const remedy = `Write one of ${all}; mappings for several kinds go under customers:, invoices: and payments:`;
    throw unreadable(`names "${field}", which is no field of ${kind}`, remedy);
  }
  return mapping;
}
