import pg from 'pg';

export interface Listener {
  close(): Promise<void>;
}

type Log = (message: string, detail?: Record<string, unknown>) => void;

const RECONNECT_MS = 1_000;

/**
 * Calls back for every notification on a channel of the database. The connection is its own, and made anew when it
 * is lost; notifications in between are lost too, so whoever listens also polls.
 */
export async function listen(
  url: string,
  channel: string,
  onNotify: (payload: string) => void,
  log: Log,
): Promise<Listener> {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      application_name: `kindly-listen-${channel}`,
      keepAlive: true,
    });
    next.on('notification', ({ payload }) => onNotify(payload ?? ''));
    next.on('error', () => lost());
    next.on('end', () => lost());
    try {
      await next.connect();
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await next.end();
      throw error;
    }
    if (closed) return next.end();
    client = next;
    onNotify('');
  };
  const lost = (): void => {
    if (closed || retry) return;
    client = undefined;
    retry = setTimeout(() => {
      retry = undefined;
      connect().catch(() => {
        log('The database does not answer; listening again as soon as it does.', { channel });
        lost();
      });
    }, RECONNECT_MS);
  };
  await connect();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}
