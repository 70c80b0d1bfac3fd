/** What the API needs of the configuration. */
export interface ApiSettings {
  host: string;
  /** 0: any free one. */
  port: number;
  /** The installation's key, which creates organisations; without it nobody can, over HTTP. */
  rootKey?: string;
  appDatabaseUrl: string;
  systemDatabaseUrl: string;
}

export const SETTINGS = Symbol('ApiSettings');
export const LOGGER = Symbol('Logger');
