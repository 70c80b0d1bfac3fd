import { setTimeout as sleep } from 'node:timers/promises';
import { QueryFailedError } from 'typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { isUuid } from '#domain/uuid.js';
import { TenantQueryRunner } from './tenant-query-runner.js';

export interface TransactionOptions {
  /**
   * True: run `work` again, at most three times, after a serialization failure or a deadlock. Only for work whose
   * every effect is in this transaction.
   */
  retry?: boolean;
}

type Work<T> = (manager: EntityManager) => Promise<T>;

const RETRIES = 3;

/** serialization_failure, deadlock_detected: PostgreSQL chose this transaction to give way. */
const GAVE_WAY = new Set(['40001', '40P01']);

const gaveWay = (error: unknown): boolean => {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && GAVE_WAY.has(code);
};

const once = async <T>(dataSource: DataSource, setting: string, work: Work<T>): Promise<T> => {
  const runner = new TenantQueryRunner(dataSource);
  try {
    await runner.begin(setting);
    const result = await work(runner.manager);
    await runner.commit();
    return result;
  } catch (error) {
    await runner.rollback();
    throw error;
  } finally {
    await runner.release();
  }
};

const inTransaction = async <T>(
  dataSource: DataSource,
  setting: string,
  work: Work<T>,
  { retry = false }: TransactionOptions,
): Promise<T> => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await once(dataSource, setting, work);
    } catch (error) {
      if (!retry || tries >= RETRIES || !gaveWay(error)) throw error;
      // Full jitter, so that two that collided do not collide again.
      await sleep(Math.random() * 20 * 2 ** tries);
    }
  }
};

/**
 * The only way to a tenant's rows: one transaction in which row-level security shows `organisationId` and nothing
 * else. It costs two round trips besides those of `work`. The setting ends with the transaction, so the next user of
 * the pooled connection starts without one.
 *
 * `manager` is TypeORM's, bound to this transaction; use no other inside. A `withOrganisation` inside another takes a
 * second connection, which can starve the pool: pass the manager on instead.
 *
 * @param organisationId a uuid
 * @throws {TypeError} when it is none
 * @throws {TransactionWasAbortedError} when `work` swallowed the error of a statement
 */
export const withOrganisation = async <T>(
  dataSource: DataSource,
  organisationId: string,
  work: Work<T>,
  options: TransactionOptions = {},
): Promise<T> => {
  if (!isUuid(organisationId)) {
    throw new TypeError(
      `withOrganisation needs the uuid of an organisation, not ${JSON.stringify(organisationId)}.`,
    );
  }
  // set_config(…, true) is SET LOCAL; the uuid was checked, so it can stand in a statement without parameters.
  return inTransaction(
    dataSource,
    `select set_config('app.organisation','${organisationId}',true)`,
    work,
    options,
  );
};

/**
 * One transaction without an organisation, for the relay, the sweep and the key look-up; `dataSource` is of the role
 * `system`. As `app` it sees no row at all.
 */
export const withSystem = async <T>(
  dataSource: DataSource,
  work: Work<T>,
  options: TransactionOptions = {},
): Promise<T> => inTransaction(dataSource, '', work, options);
