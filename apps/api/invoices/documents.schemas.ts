import { z } from 'zod';
import { id, text } from '#contracts/schemas/scalars.js';

export const documentQuery = z.strictObject({
  filename: text(200)
    .regex(/^[^/\\\r\n"]+$/, 'is no file name; write one without slashes and quotes')
    .optional()
    .meta({
      description: 'As the attachment is called; the number of the invoice unless given',
      example: 'INV-2041.pdf',
    }),
});

export const documentResource = z
  .object({ id, filename: z.string(), contentType: z.string(), bytes: z.int(), sha256: z.string() })
  .meta({ description: 'The document of an invoice, as letters carry it' });

export type DocumentQuery = z.output<typeof documentQuery>;
export type DocumentResource = z.output<typeof documentResource>;
