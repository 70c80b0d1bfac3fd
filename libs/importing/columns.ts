import { type Convert, amountReader, dateReader, flag, verbatim } from './convert.js';
import { FIELDS, type Field, type ImportKind, requiredFields } from './fields.js';
import { type Mapping } from './mapping.js';
import { recognise } from './presets.js';
import { unreadable } from './unreadable.js';

/** One field of the input and where its value comes from. */
export interface Column {
  field: string;
  /** As the row's errors name it. */
  name: string;
  /** Of the cell; null for a constant. */
  index: number | null;
  constant: string;
  spec: Field;
  convert: Convert;
}

/** How the rows of one file become inputs. */
export interface Plan {
  /** Name of the preset; null for a mapping of one's own. */
  preset: string | null;
  width: number;
  columns: Column[];
  /** Columns that nothing is mapped to. */
  ignored: string[];
}

/**
 * Finds the columns of a file by its header.
 *
 * @param mapping undefined: a preset that knows these columns
 * @throws {UnreadableFileError} when columns are missing, doubled or unknown, saying which there are
 */
export function planColumns(kind: ImportKind, cells: readonly string[], mapping: Mapping | undefined): Plan {
  const header = cells.map((cell) => cell.trim());
  const double = header.find((name, index) => name !== '' && header.indexOf(name) !== index);
  if (double !== undefined) {
    throw unreadable(`has the column "${double}" twice`, 'Rename or remove one of the two', 1);
  }
  const preset = mapping ? null : recognise(kind, header);
  const used = mapping ?? preset?.mapping;
  if (!used) throw notRecognised(kind, header);
  const columns = columnsOf(kind, header, used);
  const taken = new Set(columns.map(({ index }) => index));
  return {
    preset: preset?.name ?? null,
    width: header.length,
    columns,
    ignored: header.filter((name, index) => name !== '' && !taken.has(index)),
  };
}

function notRecognised(kind: ImportKind, header: readonly string[]): Error {
  const missing = requiredFields(kind).filter((field) => !header.includes(field));
  const remedy = `Write a mapping file with columns for them, or name the columns so`;
  return unreadable(
    `has columns that are not recognised for ${kind} (${list(header)}): ${missing.join(', ')} cannot be found`,
    remedy,
    1,
  );
}

/** At most the first twenty, each shortened: a file that is no CSV has strange ones. */
const list = (header: readonly string[]): string => {
  const shown = header.slice(0, 20).map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
  return shown.join(', ') + (header.length > 20 ? ', …' : '');
};

function columnsOf(kind: ImportKind, header: readonly string[], mapping: Mapping): Column[] {
  for (const field of requiredFields(kind)) {
    if (field in mapping.columns || field in mapping.constants) continue;
    throw unreadable(
      `is mapped without ${field}`,
      `Write a column or a constant for ${field} in the mapping`,
    );
  }
  const converters = {
    text: verbatim,
    code: verbatim,
    flag,
    date: dateReader(mapping.date),
    amount: amountReader(mapping),
  };
  const column = (field: string, name: string, index: number | null, constant: string): Column => {
    const spec = FIELDS[kind][field] as Field;
    // A constant is written by whoever wrote the mapping, in the words of the API.
    const isSaid = index === null && spec.type !== 'flag';
    return { field, name, index, constant, spec, convert: isSaid ? verbatim : converters[spec.type] };
  };
  return [
    ...Object.entries(mapping.columns).map(([field, name]) => column(field, name, indexOf(header, name), '')),
    ...Object.entries(mapping.constants)
      .filter(([field]) => !(field in mapping.columns))
      .map(([field, value]) => column(field, `constant ${field}`, null, value)),
  ];
}

function indexOf(header: readonly string[], name: string): number {
  const index = header.indexOf(name.trim());
  if (index >= 0) return index;
  const remedy = `Correct the mapping; the file has ${list(header)}`;
  throw unreadable(`has no column "${name}", which the mapping names`, remedy, 1);
}
