/** The parameters of a statement that is put together: each value gets its number. */
export class Bound {
  constructor(readonly values: unknown[]) {}

  /** @returns its placeholder, as `$4` */
  bind(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** A condition in SQL, and what it is about, as a path of the filter. */
export interface Named {
  path: string;
  sql: string;
}

export const allOf = (conditions: readonly Named[]): string =>
  conditions.length === 0 ? 'true' : conditions.map(({ sql }) => `(${sql})`).join(' and ');
