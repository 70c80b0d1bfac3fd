import { z } from 'zod';
import { text } from '#contracts/schemas/scalars.js';
import { Problem } from './problem.js';
import { ValidationPipe } from './validation.pipe.js';

const schema = z.strictObject({
  name: text(20),
  people: z.array(z.strictObject({ email: text(20) })).optional(),
  document: z.record(z.string(), z.unknown()),
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
    ]);
  });

  it('says of one that is there what is wrong with it', async () => {
    expect(await complaints({ name: null, document: {}, nam: 'Ann' })).toEqual([
      { path: 'name', message: 'is no text; write a text' },
      { path: 'nam', message: 'unknown property; remove it or mend its spelling' },
    ]);
  });
});
