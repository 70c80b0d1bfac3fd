import type pg from 'pg';
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
  manager: EntityManager,
  { name, text }: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  return rowsOf(await runnerOf(manager).send({ name, text, values: [...values] }));
}

/** The same for the last statement of a transaction: its commit travels along, so nothing may be asked, nor fail, after it. */
export async function queryLast<Row>(
  manager: EntityManager,
  { name, text }: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  return rowsOf(await runnerOf(manager).sendLast({ name, text, values: [...values] }));
}

const rowsOf = <Row>({ rows }: pg.QueryResult): Row[] => rows as Row[];

function runnerOf({ queryRunner }: EntityManager): TenantQueryRunner {
  if (queryRunner instanceof TenantQueryRunner) return queryRunner;
  throw new TypeError('A prepared statement needs the manager of a transaction.');
}
