import { z } from 'zod';

/** `true` or `false` in a query. */
export const flag = z
  .enum(['true', 'false'], 'is no flag; write true or false')
  .transform((value) => value === 'true')
  .optional();

/** Another thing in a query, addressed as in a path. */
export const reference = z
  .string()
  .optional()
  .meta({ description: 'A uuid, or `ext:` and the external id', example: 'ext:C-1001' });
