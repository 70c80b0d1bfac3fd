import type { DataSource } from 'typeorm';
import type { PaymentInput, SuppressionInput, UpsertResult } from '#contracts/schemas/index.js';
import { localDateOf } from '#domain/local-time.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { runRules } from '#engine/enrolment-rules/index.js';
import {
  recordPayments,
  resolvePayers,
  suppress,
  upsertCustomers,
  upsertInvoices,
} from '#engine/facts/index.js';
import { type Scope, withScope } from '#engine/scope.js';
import type { InputOf, RowKind } from './fields.js';
import type { ImportSink, RowResult } from './import-csv.js';
import { settlementPayment } from './read-files.js';
import type { Row } from './read-rows.js';

/** Where it is tomorrow first (UTC+14): a day that has not begun there has begun nowhere. */
const EARLIEST_ZONE = 'Pacific/Kiritimati';

/**
 * Writes imported rows by the engine's commands. Customers and invoices take one transaction a batch; payments, which
 * forbid contacts, one a customer, so that nobody's outreach waits for the whole batch. Rules enrol when a file of invoices is in,
 * with the payments it tells of.
 *
 * @param actor for the audit trail
 */
export const engineSink = (
  dataSource: DataSource,
  organisationId: string,
  calendar: WorkingCalendar,
  actor = 'import',
): ImportSink => {
  const run: Run = (work) => withScope(dataSource, organisationId, actor, work);
  return {
    write: (kind, rows, dryRun) =>
      dryRun ? rolledBack(run, (scope) => writeRows(kind, rows, within(scope))) : writeRows(kind, rows, run),
    finish: async (kind) => {
      if (kind !== 'invoices') return 0;
      const { enrolled } = await runRules(run, calendar, 'written');
      return [...enrolled.values()].reduce((sum, count) => sum + count, 0);
    },
  };
};

/** Runs work in a transaction: of its own, or, for a dry run, in the one that will be rolled back. */
type Run = <T>(work: (scope: Scope) => Promise<T>) => Promise<T>;

const within =
  (scope: Scope): Run =>
  (work) =>
    work(scope);

class RolledBack extends Error {
  override name = 'RolledBack';
}

/** The results of work that leaves no trace. */
async function rolledBack<T>(run: Run, work: (scope: Scope) => Promise<T>): Promise<T> {
  const done: { result?: T } = {};
  try {
    await run(async (scope) => {
      done.result = await work(scope);
      throw new RolledBack('A dry run keeps nothing.');
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
  return done.result as T;
}

async function writeRows(kind: RowKind, rows: readonly Row<RowKind>[], run: Run): Promise<RowResult[]> {
  if (kind === 'invoices') return writeInvoices(rows as readonly Row<'invoices'>[], run);
  const results = await WRITERS[kind](
    rows.map(({ input }) => input as never),
    run,
  );
  return results.map((row) => ({ row, settlement: null }));
}

type Writer<K extends RowKind> = (inputs: readonly InputOf[K][], run: Run) => Promise<UpsertResult[]>;

const WRITERS: { [K in Exclude<RowKind, 'invoices'>]: Writer<K> } = {
  customers: (inputs, run) => run((scope) => upsertCustomers(scope, inputs)),
  payments: (inputs, run) => writePayments(inputs, run),
  suppressions: (inputs, run) => writeSuppressions(inputs, run),
};

/** One transaction an address: each takes the locks of all who have it. */
async function writeSuppressions(inputs: readonly SuppressionInput[], run: Run): Promise<UpsertResult[]> {
  const results: UpsertResult[] = [];
  for (const input of inputs) results.push(await run((scope) => suppress(scope, input)));
  return results;
}

async function writeInvoices(rows: readonly Row<'invoices'>[], run: Run): Promise<RowResult[]> {
  const [written, today] = await run(async (scope): Promise<[UpsertResult[], string]> => [
    await upsertInvoices(
      scope,
      rows.map(({ input }) => input),
    ),
    localDateOf(scope.now, EARLIEST_ZONE),
  ]);
  const settled = rows.flatMap(({ input, settlement }, index) =>
    settlement && settlement.paidOn <= today && written[index]?.result !== 'refused'
      ? [{ index, payment: settlementPayment(input, settlement) }]
      : [],
  );
  const payments = await writePayments(
    settled.map(({ payment }) => payment),
    run,
  );
  const results = written.map((row, index): RowResult => ({ row, settlement: aheadOf(rows[index], row) }));
  settled.forEach(({ index }, at) => ((results[index] as RowResult).settlement = payments[at] ?? null));
  return results;
}

const aheadOf = (row: Row<'invoices'> | undefined, written: UpsertResult): 'ahead' | null =>
  row?.settlement && written.result !== 'refused' ? 'ahead' : null;

/** One transaction a customer, in the order of their ids; of nobody's payments it says why. */
async function writePayments(inputs: readonly PaymentInput[], run: Run): Promise<UpsertResult[]> {
  if (inputs.length === 0) return [];
  const payers = await run((scope) => resolvePayers(scope, inputs));
  const results = new Array<UpsertResult>(inputs.length);
  const customers = new Map<string, number[]>();
  payers.forEach((payer, index) => {
    if (typeof payer === 'string') customers.set(payer, [...(customers.get(payer) ?? []), index]);
    else results[index] = payer;
  });
  for (const customer of [...customers.keys()].sort()) {
    const indexes = customers.get(customer) ?? [];
    const own = indexes.map((index) => inputs[index] as PaymentInput);
    const recorded = await run((scope) => recordPayments(scope, own));
    indexes.forEach((index, at) => (results[index] = recorded[at] as UpsertResult));
  }
  return results;
}
