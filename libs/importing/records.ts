import { CsvError, type Parser, parse } from 'csv-parse';
import { type Bytes, decode } from './decode.js';
import type { Mapping } from './mapping.js';
import { unreadable } from './unreadable.js';

/** One record of a CSV file. */
export interface CsvRecord {
  /** Where it begins, counted from 1. */
  line: number;
  cells: string[];
}

/** Characters of one record at most: more means a quote that nobody closed. */
const MAX_RECORD = 1_000_000;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * The records of a CSV file (RFC 4180, any line end, quotes inside unquoted cells taken as they are), read as they are
 * asked for and given in the pieces they were read in: memory does not grow with the file. Blank lines are left out.
 *
 * @throws {UnreadableFileError} where the file stops being CSV, after the records before that
 */
export async function* recordsOf(
  source: Bytes,
  { delimiter, encoding }: Partial<Pick<Mapping, 'delimiter' | 'encoding'>>,
): AsyncGenerator<CsvRecord[]> {
  const text = await peeked(decode(source, encoding));
  const reader = new RecordReader(delimiter ?? guessDelimiter(text.start));
  for await (const chunk of text.all) {
    await reader.write(chunk);
    yield reader.take();
    reader.check();
  }
  await reader.end();
  yield reader.take();
  reader.check();
}

/** Drives the parser by hand: read as a stream, it would lose the records before an error. */
class RecordReader {
  private readonly parser: Parser;
  private read: CsvRecord[] = [];
  private line = 1;
  private failed: Error | null = null;

  constructor(delimiter: string) {
    this.parser = parse({
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: MAX_RECORD,
      on_record: (cells: string[]) => this.add(cells),
    });
    this.parser.on('error', (error) => (this.failed = error));
  }

  write(text: string): Promise<void> {
    return new Promise((resolve) => this.parser.write(text, () => resolve()));
  }

  end(): Promise<void> {
    return new Promise((resolve) => (this.failed ? resolve() : this.parser.end(() => resolve())));
  }

  take(): CsvRecord[] {
    const read = this.read;
    this.read = [];
    return read;
  }

  check(): void {
    if (this.failed) throw this.failed instanceof CsvError ? notCsv(this.failed, this.line) : this.failed;
  }

  /** null: nothing goes into the parser's own buffer. */
  private add(cells: string[]): null {
    if (cells.length > 1 || cells[0] !== '') this.read.push({ line: this.line, cells });
    // The parser's own count takes CR LF inside a cell for two line ends.
    this.line += 1 + cells.reduce((ends, cell) => ends + lineEnds(cell), 0);
    return null;
  }
}

const lineEnds = (cell: string): number =>
  cell.includes('\n') || cell.includes('\r') ? (cell.match(/\r\n|\r|\n/g)?.length ?? 0) : 0;

function notCsv({ code, message }: CsvError, line: number): Error {
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE') {
    return unreadable(
      'opens a quote that is never closed',
      'Close it, or double a quote that is part of a cell',
      line,
    );
  }
  return unreadable(`is no CSV (${message})`, 'Correct it there, or export the file again', line);
}

interface Peeked {
  /** The beginning, with the whole header line. */
  start: string;
  /** All of it, the beginning included. */
  all: AsyncGenerator<string>;
}

async function peeked(chunks: AsyncGenerator<string>): Promise<Peeked> {
  let start = '';
  while (!/[^\r\n][\r\n]/.test(start) && start.length < MAX_RECORD) {
    const next = await chunks.next();
    if (next.done) break;
    start += next.value;
  }
  return { start, all: continued(start, chunks) };
}

async function* continued(start: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (start !== '') yield start;
  yield* rest;
}

/** Of the usual delimiters the one that the header has most of, outside of quotes. */
function guessDelimiter(start: string): string {
  const header = start.trimStart().split(/[\r\n]/, 1)[0] ?? '';
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => bare.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}
