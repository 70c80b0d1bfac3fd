import { z } from 'zod';
import { text } from '#contracts/schemas/scalars.js';
import { Problem } from './problem.js';
import { ValidationPipe } from './validation.pipe.js';

const schema = z.strictObject({
  name: text(20),
  people: z.array(z.strictObject({ email: text(20) })).optional(),
  document: z.record(z.string(), z.unknown()),
  kind: z.enum(['one', 'two'], 'is no kind; write one or two').optional(),
  outcome: z
    .discriminatedUnion('outcome', [z.strictObject({ outcome: z.literal('reached') })], {
      error: 'is no outcome; write reached',
    })
    .optional(),
  medium: z.enum(['email', 'sms'], 'is no medium; write email or sms'),
});

const complaints = async (value: unknown): Promise<unknown> => {
  try {
    await new ValidationPipe().transform(value, { type: 'body', schema, metatype: Object });
  } catch (error) {
    if (error instanceof Problem) return error.errors;
    throw error;
  }
  return [];
};

describe('what a request is told of its fields', () => {
  it('says of one that is not there that it is missing, and what to write', async () => {
    expect(await complaints({ people: [{}] })).toEqual([
      { path: 'name', message: 'is missing; write a text' },
      { path: 'people[0].email', message: 'is missing; write a text' },
      { path: 'document', message: 'is missing' },
      { path: 'medium', message: 'is missing; write email or sms' },
    ]);
  });

  it('says of one that is there what is wrong with it', async () => {
    const given = { name: null, document: {}, nam: 'Ann', kind: 'three', outcome: {}, medium: 'email' };
    expect(await complaints(given)).toEqual([
      { path: 'name', message: 'is no text; write a text' },
      { path: 'kind', message: 'is no kind; write one or two' },
      { path: 'outcome.outcome', message: 'is missing; write reached' },
      { path: 'nam', message: 'unknown property; remove it or mend its spelling' },
    ]);
  });
});
