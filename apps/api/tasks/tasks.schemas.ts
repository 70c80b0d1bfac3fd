import { z } from 'zod';
import { taskResource } from '#contracts/schemas/index.js';
import { instant, text } from '#contracts/schemas/scalars.js';
import { pageQuery } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';

export const taskQuery = z.strictObject({
  ...pageQuery,
  state: taskResource.shape.state.optional(),
  kind: taskResource.shape.kind.optional(),
  assignee: text(200).optional(),
  dueBefore: instant.optional(),
  customer: reference,
  invoice: reference,
});

export const assignInput = z
  .strictObject({ assignee: text(200).nullable().meta({ example: 'anna@example.com' }) })
  .meta({ description: 'Who is to do it; null: nobody yet' });

export type TaskQuery = z.output<typeof taskQuery>;
export type AssignInput = z.output<typeof assignInput>;
