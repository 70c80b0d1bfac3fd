import { z } from 'zod';
import * as contracts from '#contracts/schemas/index.js';

/** `InvoiceInput` of `invoiceInput`, `Invoice` of `invoiceResource`. */
const nameOf = (exported: string): string => {
  const name = exported.replace(/(Resource|Schema)$/, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
};

/** Gives the schemas that other programs know Kindly by a name, so that the document has them once. */
export const nameSchemas = (): void => {
  for (const [exported, schema] of Object.entries(contracts)) {
    if (schema instanceof z.ZodType) z.globalRegistry.add(schema, { ...schema.meta(), id: nameOf(exported) });
  }
};
