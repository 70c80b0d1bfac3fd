import type { EntityManager } from 'typeorm';
import type { ClientBase } from 'pg';

/** A statement of the hot path: parsed and planned once a connection instead of at every call. */
export interface Prepared {
  /** Unique in the program; the text behind a name never changes. */
  name: string;
  text: string;
}

/** Runs a prepared statement on the connection of this transaction. */
export async function queryPrepared<Row>(
  manager: EntityManager,
  { name, text }: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  const runner = manager.queryRunner;
  if (!runner) throw new TypeError('queryPrepared needs the manager of a transaction.');
  const client = (await runner.connect()) as ClientBase;
  const result = await client.query({ name, text, values: [...values] });
  return result.rows as Row[];
}
