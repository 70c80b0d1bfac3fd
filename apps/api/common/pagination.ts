import { z } from 'zod';
import type { Scope } from '#engine/scope.js';
import { Problem } from './problem.js';

/** Spread into a route's query schema: `z.strictObject({ ...pageQuery, status: … })`. */
export const pageQuery = {
  limit: z.coerce
    .number('write a whole number from 1 to 200')
    .int('write a whole number from 1 to 200')
    .min(1, 'write a whole number from 1 to 200')
    .max(200, 'write a whole number from 1 to 200')
    .default(50)
    .meta({ description: 'How many at most, 1 to 200.' }),
  after: z.string().optional().meta({ description: '`next` of the page before; opaque.' }),
} as const;

export interface PageQuery {
  limit: number;
  after?: string | undefined;
}

export interface Page<T> {
  data: T[];
  /** For `after`; null: this was the last page. */
  next: string | null;
}

/** The answer's schema: `{ data: T[], next }`. */
export const pageOf = <T extends z.ZodType>(
  item: T,
): z.ZodObject<{ data: z.ZodArray<T>; next: z.ZodNullable<z.ZodString> }> =>
  z.object({
    data: z.array(item),
    next: z.string().nullable().meta({ description: 'For `after`; null: the last page.' }),
  });

/** A condition with `?` for each value; left out when one of them is undefined. */
export type Condition = readonly [sql: string, ...values: unknown[]];

export interface Listing<Row, View> {
  /** After `select`, without a comma at the end. */
  columns: string;
  /** After `from`. */
  from: string;
  where: readonly Condition[];
  /** What the list is in the order of, a column or expression that is never null, and its type. */
  sort: { by: string; type: 'text' | 'date' | 'timestamptz' | 'bigint' | 'uuid'; descending?: boolean };
  /** The column that tells equal ones apart; a uuid. */
  id: string;
  view: (row: Row) => View;
}

/** The pattern of `ilike` for texts that contain this one. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

const UUID = /^[0-9a-f-]{36}$/i;
const cursorSchema = z.tuple([z.string(), z.string(), z.string().regex(UUID)]);

type Cursor = z.infer<typeof cursorSchema>;

const encode = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

const badCursor = (): Problem =>
  new Problem('invalid-request', 'The cursor is not one of this list.', {
    errors: [
      { path: 'after', message: 'write "next" of the page before, from the same list in the same order' },
    ],
  });

const decode = (text: string, sortedBy: string): Cursor => {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw badCursor();
  }
  const cursor = cursorSchema.safeParse(value);
  if (!cursor.success || cursor.data[0] !== sortedBy) throw badCursor();
  return cursor.data;
};

/** Numbers the placeholders of the conditions that apply. */
const bind = (conditions: readonly Condition[]): { sql: string[]; values: unknown[] } => {
  const values: unknown[] = [];
  const sql = conditions
    .filter(([, ...given]) => !given.includes(undefined))
    .map(([text, ...given]) => {
      let next = 0;
      return text.replace(/\?/g, () => `$${values.push(given[next++])}`);
    });
  return { sql, values };
};

const keyset = (
  { sort, id }: Pick<Listing<never, never>, 'sort' | 'id'>,
  after: string | undefined,
): Condition[] => {
  if (after === undefined) return [];
  const [, key, last] = decode(after, sort.by);
  return [[`(${sort.by}, ${id}) ${sort.descending ? '<' : '>'} (?::${sort.type}, ?::uuid)`, key, last]];
};

type Cursored<Row> = Row & { cursor_key: string; cursor_id: string };

const fetch = async <Row>(
  scope: Scope,
  listing: Omit<Listing<Row, unknown>, 'view'>,
  page: PageQuery,
): Promise<Cursored<Row>[]> => {
  const { sort, id } = listing;
  const { sql, values } = bind([...listing.where, ...keyset(listing, page.after)]);
  const direction = sort.descending ? 'desc' : 'asc';
  return scope.manager.query<Cursored<Row>[]>(
    `select ${listing.columns}, (${sort.by})::text as cursor_key, ${id} as cursor_id from ${listing.from}
     where ${sql.join(' and ')} order by ${sort.by} ${direction}, ${id} ${direction} limit ${page.limit + 1}`,
    values,
  );
};

/**
 * One page by keyset: rows inserted or removed meanwhile neither repeat nor hide a row of the walk.
 * `where` must name the organisation, as every statement does.
 */
export const listPage = async <Row, View>(
  scope: Scope,
  listing: Listing<Row, View>,
  page: PageQuery,
): Promise<Page<View>> => {
  const rows = await fetch<Row>(scope, listing, page);
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return {
    data: shown.map((row) => listing.view(row)),
    next: last ? encode([listing.sort.by, last.cursor_key, last.cursor_id]) : null,
  };
};
