import { z } from 'zod';
import { invoiceInput, invoiceResource } from '#contracts/schemas/index.js';
import { currency, localDate } from '#contracts/schemas/scalars.js';
import { batchOf } from '../common/batch.js';
import { pageQuery } from '../common/pagination.js';
import { flag, reference } from '../common/query-fields.js';

export const invoiceQuery = z.strictObject({
  ...pageQuery,
  customer: reference,
  status: invoiceResource.shape.status.optional(),
  currency: currency.optional(),
  dueFrom: localDate.optional(),
  dueTo: localDate.optional(),
  overdue: flag.meta({ description: "Open, and the due date is over in the customer's time zone" }),
});

export const invoiceBatch = batchOf('invoices', invoiceInput);

export type InvoiceBatch = z.output<typeof invoiceBatch>;
