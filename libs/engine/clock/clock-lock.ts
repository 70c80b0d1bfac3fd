import pg from 'pg';

/** Somebody else is advancing the organisation's clock. */
export class ClockBusyError extends Error {
  override name = 'ClockBusyError';
  constructor() {
    super(
      'The clock of this organisation is being advanced already. Wait until that is done, then advance again.',
    );
  }
}

export interface ClockLock {
  /** False once its connection is lost: another may hold it then. */
  isHeld(): boolean;
  release(): Promise<void>;
}

/**
 * Only one at a time advances an organisation's clock. The lock belongs to a connection of its own, so that it lasts
 * for many transactions and ends with its process.
 *
 * @param url of the database, without a pooler of transactions in between
 * @throws {ClockBusyError} at once, when somebody else holds it
 */
export async function lockClock(url: string, organisationId: string): Promise<ClockLock> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'kindly-clock',
    keepAlive: true,
  });
  let held = true;
  const lost = (): void => void (held = false);
  client.on('error', lost);
  client.on('end', lost);
  await client.connect();
  const { rows } = await client.query<{ locked: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
    [`clock/${organisationId}`],
  );
  if (!rows[0]?.locked) {
    await client.end();
    throw new ClockBusyError();
  }
  return { isHeld: () => held, release: () => client.end() };
}
