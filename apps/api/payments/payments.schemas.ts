import { z } from 'zod';
import { paymentResource } from '#contracts/schemas/index.js';
import { pageQuery } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';

export const paymentQuery = z.strictObject({
  ...pageQuery,
  customer: reference,
  status: paymentResource.shape.status.optional(),
});
