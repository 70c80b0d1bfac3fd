export interface Running {
  /** Settles when it has ended. */
  exited: Promise<unknown>;
  stop(): Promise<void>;
}

export interface Patience {
  firstDelayMs?: number;
  lastDelayMs?: number;
  wellAfterMs?: number;
  signal?: AbortSignal;
  log?: (line: string) => void;
}

/** Starts a service, and again each time it ends by itself. A failure of the very first start is the caller's. */
export function keepRunning<R extends Running>(
  name: string,
  start: (previous?: R) => Promise<R>,
  patience?: Patience,
): Promise<{ first: R; stop(): Promise<void> }>;
