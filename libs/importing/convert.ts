/** A cell as the input wants it, or why it cannot be. `message` reads `what; remedy`. */
export type Converted<Value = string> = { ok: true; value: Value } | { ok: false; message: string };

export type Convert = (cell: string) => Converted<string | boolean>;

const TOKENS = /YYYY|MM|M|DD|D/g;
const DIGITS: Record<string, string> = {
  YYYY: '(\\d{4})',
  MM: '(\\d{2})',
  M: '(\\d{1,2})',
  DD: '(\\d{2})',
  D: '(\\d{1,2})',
};

/** Why a text is no date format; null when it is one. */
export function dateFormatProblem(format: string): string | null {
  const parts = (format.match(TOKENS) ?? []).map((token) => token[0]).sort();
  return parts.join('') === 'DMY'
    ? null
    : 'is no date format; write YYYY, MM or M, and DD or D once each, as M/D/YYYY';
}

/**
 * Reads dates of one format into ISO dates. Whether the day exists is left to the input's schema, but for 13 in the
 * place of a month, which mostly means that day and month are the other way round.
 */
export function dateReader(format: string): Convert {
  const tokens = format.match(TOKENS) ?? [];
  const literals = format.split(TOKENS).map(escape);
  const pattern = literals.map((literal, index) => literal + (DIGITS[tokens[index] ?? ''] ?? '')).join('');
  const matcher = new RegExp(`^${pattern}$`);
  const [year, month, day] = ['Y', 'M', 'D'].map(
    (letter) => 1 + tokens.findIndex((token) => token[0] === letter),
  );
  const hint = `write it like ${exampleOf(format)}`;
  return (cell) => {
    const match = matcher.exec(cell);
    if (!match)
      return { ok: false, message: `is no date of the form ${format}; ${hint}, or set date in the mapping` };
    const iso = `${match[year as number]}-${two(match[month as number])}-${two(match[day as number])}`;
    if (Number(iso.slice(5, 7)) <= 12) return { ok: true, value: iso };
    return {
      ok: false,
      message: `has no month ${Number(iso.slice(5, 7))}; ${hint}, or set date in the mapping`,
    };
  };
}

const escape = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const two = (digits: string | undefined): string => (digits ?? '').padStart(2, '0');

/** 29 January 2013 in a format. */
const exampleOf = (format: string): string =>
  format.replace(TOKENS, (token) => ({ YYYY: '2013', MM: '01', M: '1' })[token] ?? '29');

export interface AmountFormat {
  decimal: '.' | ',';
  thousands: '' | ',' | '.' | ' ' | "'";
}

/** Kinds of space that programs group digits by: no-break, thin, narrow no-break. */
const SPACES = /[\u00a0\u2009\u202f]/g;

/** Reads amounts of one format into the API's decimal texts; grouped digits have to be groups of three. */
export function amountReader({ decimal, thousands }: AmountFormat): Convert {
  const plain = new RegExp(`^-?\\d+(?:${escape(decimal)}\\d+)?$`);
  const group = thousands === '' ? null : escape(thousands);
  const grouped =
    group === null ? null : new RegExp(`^-?\\d{1,3}(?:${group}\\d{3})+(?:${escape(decimal)}\\d+)?$`);
  const example = `1${thousands}234${decimal}56`;
  return (cell) => {
    const text = thousands === ' ' ? cell.replace(SPACES, ' ') : cell;
    if (!plain.test(text) && !grouped?.test(text)) {
      return {
        ok: false,
        message: `is no amount; write it like ${example}, or set decimal and thousands in the mapping`,
      };
    }
    const digits = thousands === '' ? text : text.replaceAll(thousands, '');
    return { ok: true, value: decimal === ',' ? digits.replace(',', '.') : digits };
  };
}

const FLAGS: Readonly<Record<string, boolean>> = {
  yes: true,
  y: true,
  true: true,
  '1': true,
  no: false,
  n: false,
  false: false,
  '0': false,
};

/** Reads `yes` and `no` as programs write them. */
export const flag = (cell: string): Converted<boolean> => {
  const value = FLAGS[cell.toLowerCase()];
  return value === undefined
    ? { ok: false, message: 'is neither yes nor no; write one of them' }
    : { ok: true, value };
};

/** As it is. */
export const verbatim: Convert = (cell) => ({ ok: true, value: cell });
