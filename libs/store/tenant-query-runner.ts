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
 * TypeORM's query runner, which opens a transaction along with its first statement, and needs one round trip to end it.
 * TypeORM counts depth from there, so its own `transaction` and `save` inside become savepoints or join.
 */
export class TenantQueryRunner extends PostgresQueryRunner {
  private opened: Promise<unknown> = Promise.resolve();
  private client: pg.PoolClient | undefined;
  private committing: Promise<pg.QueryResult> | undefined;

  constructor(dataSource: DataSource) {
    super(dataSource.driver as PostgresDriver, 'master');
    this.manager = dataSource.createEntityManager(this);
  }

  /**
   * Sends BEGIN and does not wait for its answer: what follows on this connection runs after it. Did it fail, then so does
   * `commit`.
   * @param setting a statement for the same round trip; it is not escaped.
   */
  async begin(setting = ''): Promise<void> {
    this.client = (await this.connect()) as pg.PoolClient;
    this.isTransactionActive = true;
    this.transactionDepth = 1;
    this.opened = this.send(`begin;${setting}`);
    this.opened.catch(() => undefined);
  }

  /**
   * Sends a statement of this transaction before it returns: statements run in the order of their calls, and those that
   * are sent without waiting in between travel in one packet.
   */
  send(statement: string | pg.QueryConfig): Promise<pg.QueryResult> {
    if (!this.client || !this.isTransactionActive || this.committing)
      throw new TypeError('No transaction is open.');
    const { stream } = this.client.connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
    return this.client.query(statement);
  }

  /**
   * Sends the last statement with COMMIT right behind it, which saves a round trip under the locks. Should it fail, then
   * PostgreSQL rolls back.
   */
  sendLast(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    const answer = this.send(statement);
    this.committing = this.send('commit');
    this.committing.catch(() => undefined);
    return answer;
  }

  /** @throws {TransactionWasAbortedError} */
  async commit(): Promise<void> {
    await this.opened;
    const { command } = await (this.committing ?? this.send('commit'));
    this.ended();
    if (command !== 'COMMIT') throw new TransactionWasAbortedError();
  }

  /** Never throws: a connection that cannot even roll back is closed, which ends its transaction as well. */
  async rollback(): Promise<void> {
    if (!this.isTransactionActive) return;
    try {
      await (this.committing ?? this.send('rollback'));
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
