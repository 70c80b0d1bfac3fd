import type { UpsertResult } from '#contracts/schemas/index.js';
import type { Bytes } from './decode.js';
import type { RowKind } from './fields.js';
import type { Mapping } from './mapping.js';
import { type Row, type RowError, readRows } from './read-rows.js';
import { type Unreadable, UnreadableFileError } from './unreadable.js';

/** Where rows go. Takes a batch, gives one result a row in their order; what it throws ends the import. */
export interface ImportSink {
  /** @param dryRun everything is checked, nothing is kept */
  write<K extends RowKind>(kind: K, rows: readonly Row<K>[], dryRun: boolean): Promise<RowResult[]>;
  /**
   * When everything of a file is kept: lets rules enrol what is new.
   * @returns how many invoices they have enrolled
   */
  finish?(kind: RowKind): Promise<number>;
}

export interface RowResult {
  row: UpsertResult;
  /** The payment of an invoice's settlement; `ahead`: it is in the future and was left out; null: there is none. */
  settlement: UpsertResult | 'ahead' | null;
}

export interface ImportOptions {
  /** Undefined: recognised by the file's header. */
  mapping?: Mapping | undefined;
  /** Validates and reports without writing. */
  dryRun?: boolean;
  /** After every batch. */
  onProgress?: (report: Readonly<ImportReport>) => void;
  /** Every error, where the report keeps the first {@link MAX_ERRORS} only. */
  onError?: (error: RowError) => void;
  /** Rows a transaction. */
  batchSize?: number;
}

export interface Counts {
  created: number;
  updated: number;
  unchanged: number;
}

export interface ImportReport extends Counts {
  kind: RowKind;
  dryRun: boolean;
  /** Name of the preset that the file was recognised as; null with a mapping of one's own. */
  preset: string | null;
  ignoredColumns: string[];
  /** Rows read, good and bad. */
  rows: number;
  /** Rows that were not taken. */
  failed: number;
  /** Payments out of the settlements of invoices; `ahead` are dated in the future and were left out. */
  settlements: Counts & { failed: number; ahead: number };
  /** Invoices that rules have enrolled, when everything was in. */
  enrolled: number;
  /** The first {@link MAX_ERRORS}, in the order they were found. */
  errors: RowError[];
  errorCount: number;
  /** Why the file could not be read, or not to its end; rows before that were taken. */
  unreadable: Unreadable | null;
}

export const MAX_ERRORS = 1_000;
const BATCH_SIZE = 500;

/**
 * Imports a CSV file: good rows go in, and of each other row it says what is wrong and how to mend it. Reads and writes
 * batch by batch, so memory does not grow with the file, but for its external ids. Importing a file again changes
 * nothing.
 */
export async function importCsv<K extends RowKind>(
  kind: K,
  source: Bytes,
  options: ImportOptions,
  sink: ImportSink,
): Promise<ImportReport> {
  const report = emptyReport(kind, options.dryRun ?? false);
  const batches = new Batches(report, options, sink, kind);
  try {
    const { preset, ignoredColumns, rows } = await readRows(kind, source, options.mapping);
    Object.assign(report, { preset, ignoredColumns });
    for await (const read of rows) {
      report.rows += 1;
      if (read.ok) await batches.add(read.row);
      else batches.fail(read.errors);
    }
    await batches.flush();
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    await batches.flush();
    report.unreadable = error.reason;
  }
  if (!report.dryRun) report.enrolled = (await sink.finish?.(kind)) ?? 0;
  return report;
}

const emptyReport = (kind: RowKind, dryRun: boolean): ImportReport => ({
  kind,
  dryRun,
  preset: null,
  ignoredColumns: [],
  rows: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  failed: 0,
  settlements: { created: 0, updated: 0, unchanged: 0, failed: 0, ahead: 0 },
  enrolled: 0,
  errors: [],
  errorCount: 0,
  unreadable: null,
});

/** Collects rows, writes them when there are enough, and counts what came of them. */
class Batches<K extends RowKind> {
  private batch: Row<K>[] = [];

  constructor(
    private readonly report: ImportReport,
    private readonly options: ImportOptions,
    private readonly sink: ImportSink,
    private readonly kind: K,
  ) {}

  async add(row: Row<K>): Promise<void> {
    this.batch.push(row);
    if (this.batch.length >= (this.options.batchSize ?? BATCH_SIZE)) await this.flush();
  }

  fail(errors: readonly RowError[]): void {
    this.report.failed += 1;
    errors.forEach((error) => this.tell(error));
  }

  async flush(): Promise<void> {
    const rows = this.batch;
    this.batch = [];
    if (rows.length > 0) {
      const results = await this.sink.write(this.kind, rows, this.report.dryRun);
      rows.forEach((row, index) => this.count(row, results[index] as RowResult));
    }
    this.options.onProgress?.(this.report);
  }

  private count(row: Row<K>, { row: result, settlement }: RowResult): void {
    if (result.result === 'refused') this.fail([row.describe(result.field, result.message)]);
    else this.report[result.result] += 1;
    if (settlement === null) return;
    const { settlements } = this.report;
    if (settlement === 'ahead') settlements.ahead += 1;
    else if (settlement.result !== 'refused') settlements[settlement.result] += 1;
    else {
      settlements.failed += 1;
      this.tell(row.describe('settledOn', settlement.message));
    }
  }

  private tell(error: RowError): void {
    this.report.errorCount += 1;
    if (this.report.errors.length < MAX_ERRORS) this.report.errors.push(error);
    this.options.onError?.(error);
  }
}
