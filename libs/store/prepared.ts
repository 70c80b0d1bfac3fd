import type { EntityManager } from 'typeorm';
import { TenantQueryRunner } from './tenant-query-runner.js';

/** A statement of the hot path: parsed and planned once a connection instead of at every call. */
export interface Prepared {
  /** Unique in the program; the text behind a name never changes. */
  name: string;
  text: string;
}

/**
 * Runs a prepared statement on the connection of this transaction. It is sent before this returns: two that are called one
 * after the other without waiting travel together, and run in that order.
 */
export async function queryPrepared<Row>(
  { queryRunner }: EntityManager,
  { name, text }: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  if (!(queryRunner instanceof TenantQueryRunner))
    throw new TypeError('queryPrepared needs the manager of a transaction.');
  const result = await queryRunner.transaction.query({ name, text, values: [...values] });
  return result.rows as Row[];
}
