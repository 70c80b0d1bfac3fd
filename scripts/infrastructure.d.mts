/** A server that Kindly started, or one that it was given and leaves alone (`pid` is absent, `stop` does nothing). */
interface Server {
  pid?: number;
  port?: number;
  /** In words, for people: which of the possible sources it came from. */
  takenFrom: string;
  /** Settles when the server has ended, asked or not. Never for a given one. */
  exited: Promise<unknown>;
  stop(): Promise<void>;
}

export interface PostgresServer extends Server {
  /** Connects to the database as a user that may create databases and roles (unless `DATABASE_URL` says otherwise). */
  url: string;
}

export interface TemporalServer extends Server {
  /** The variables that lead a program there. */
  environment: Record<string, string>;
}

export interface InfrastructureOptions {
  /**
   * Servers of one's own with nothing in them, gone with `stop()` or this process, however it ends: for `play`, tests
   * and benches. Where `DATABASE_URL` or `TEMPORAL_ADDRESS` is set, a database or namespace of one's own there.
   * Otherwise the checkout's lasting servers: those of a running `npm start`, else they run until `stop()`.
   */
  isolated?: boolean;
  /** Isolated servers only: also safe against a loss of power, at the price of speed. */
  durable?: boolean;
  /** What others read that have to wait for this process. */
  what?: string;
  /** Where the set-up tells what it does; standard error by default. */
  log?: (line: string) => void;
}

/** Of the roles that the programs connect as; the shape of `libs/store`'s own. */
export interface RolePasswords {
  appPassword: string;
  systemPassword: string;
}

export interface Infrastructure {
  /** As `PostgresServer.url`. */
  databaseUrl: string;
  /** host:port */
  temporalAddress: string;
  temporalNamespace: string;
  /** The variables that lead a program to it: address, namespace and encryption. */
  temporalEnvironment: Record<string, string>;
  rolePasswords: RolePasswords;
  stop(): Promise<void>;
}

/** PostgreSQL and Temporal, ready to use. */
export function ensureInfrastructure(options?: InfrastructureOptions): Promise<Infrastructure>;

/** The same for as long as `work` takes. */
export function withInfrastructure<T>(
  options: InfrastructureOptions,
  work: (infrastructure: Infrastructure) => Promise<T>,
): Promise<T>;
