import pg from 'pg';

/** OIDs from `pg_type`: a built-in type's never changes. */
const OID = {
  int8: 20,
  int8Array: 1016,
  date: 1082,
  dateArray: 1182,
  numeric: 1700,
  numericArray: 1231,
  textArray: 1009,
};

/** What PostgreSQL sends as text becomes a value of JavaScript. */
type Parse = (text: string) => unknown;

/** `count(*)`, `sum(int)` and minor units are whole; past 2⁵³ a JavaScript number would quietly lose a unit. */
const wholeNumber: Parse = (text) => {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(
    `PostgreSQL returned ${text}, which a JavaScript number cannot hold exactly. Select it as ::text (or, for a fraction, as ::float8).`,
  );
};

const asText: Parse = (text) => text;

const arrayOf =
  (element: Parse): Parse =>
  (text) => {
    const texts = (pg.types.getTypeParser(OID.textArray, 'text') as (text: string) => (string | null)[])(
      text,
    );
    return texts.map((each) => (each === null ? null : element(each)));
  };

const PARSERS: ReadonlyMap<number, Parse> = new Map([
  [OID.int8, wholeNumber],
  [OID.int8Array, arrayOf(wholeNumber)],
  // `sum(bigint)` is a numeric.
  [OID.numeric, wholeNumber],
  [OID.numericArray, arrayOf(wholeNumber)],
  // A date has no zone: as a Date of the process's zone it becomes another day elsewhere.
  [OID.date, asText],
  [OID.dateArray, arrayOf(asText)],
]);

/**
 * Parsers for one pool (`types` of `pg`), so that no global of `pg` is changed:
 * `date` stays `'2026-03-29'`; `bigint` and `numeric` become a number or throw a RangeError when that would not be
 * exact; `timestamptz` is a Date (an instant, the same in every zone).
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid, format): unknown => PARSERS.get(oid) ?? pg.types.getTypeParser(oid, format),
};
