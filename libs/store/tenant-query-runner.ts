import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';

/**
 * PostgreSQL answers COMMIT of a transaction in which a statement failed with ROLLBACK and without an error: whoever
 * caught that statement's error and went on would lose everything and never hear of it.
 */
export class TransactionWasAbortedError extends Error {
  override name = 'TransactionWasAbortedError';
  constructor() {
    super(
      'Nothing was committed: a statement of this transaction had failed, and its error was caught inside. ' +
        'Let the error through, or put the statement into a savepoint (manager.transaction).',
    );
  }
}

/**
 * TypeORM's query runner with one round trip to open a transaction, whatever is set in it, and one to end it.
 * TypeORM counts depth from there, so its own `transaction` and `save` inside become savepoints or join.
 */
export class TenantQueryRunner extends PostgresQueryRunner {
  constructor(dataSource: DataSource) {
    super(dataSource.driver as PostgresDriver, 'master');
    this.manager = dataSource.createEntityManager(this);
  }

  /** @param setting a statement for the same round trip; it is not escaped. */
  async begin(setting = ''): Promise<void> {
    await this.query(`begin;${setting}`);
    this.isTransactionActive = true;
    this.transactionDepth = 1;
  }

  /** @throws {TransactionWasAbortedError} */
  async commit(): Promise<void> {
    const connection = (await this.connect()) as pg.PoolClient;
    const { command } = await connection.query('commit');
    this.ended();
    if (command !== 'COMMIT') throw new TransactionWasAbortedError();
  }

  /** Never throws: a connection that cannot even roll back is closed, which ends its transaction as well. */
  async rollback(): Promise<void> {
    if (!this.isTransactionActive) return;
    try {
      const connection = (await this.connect()) as pg.PoolClient;
      await connection.query('rollback');
      this.ended();
    } catch (error) {
      this.releaseCallback?.(error);
      this.releaseCallback = undefined;
    }
  }

  private ended(): void {
    this.isTransactionActive = false;
    this.transactionDepth = 0;
  }
}
