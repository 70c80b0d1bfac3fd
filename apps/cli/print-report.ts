import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { type DecisionRecord, toLedgerLine } from '#engine/play/decision-record.js';
import type { PlayReport } from '#engine/play/report.js';

/** The report: one JSON object on standard output, or a table for people. */
export function printReport(report: PlayReport, json: boolean | undefined): void {
  if (json) console.log(JSON.stringify(report));
  else console.log(reportTable(report));
}

const COLUMNS = ['step', 'due', 'sent', 'tasks', 'merged', 'suppressed', 'deferred', 'open', 'by channel'];

/** The report as text for a terminal. */
export function reportTable(report: PlayReport): string {
  const rows = Object.entries(report.steps).map(([key, step]) => [
    key,
    ...[step.due, step.sent, step.tasks, step.merged].map(String),
    listed(step.suppressed) || '0',
    String(step.deferred),
    String(step.open),
    listed(step.byChannel),
  ]);
  const { invoices, customers, from, to, contacts, paid, violations } = report;
  return [
    `${invoices} invoices of ${customers} customers, ${from} to ${to}: ${contacts} messages, ${paid} invoices paid.`,
    '',
    ...table([COLUMNS, ...rows]),
    '',
    ...putOffWords(report),
    violations.length === 0
      ? 'No rule was violated.'
      : violations.map(({ rule, contact, detail }) => `VIOLATED ${rule}: ${contact}. ${detail}`).join('\n'),
  ].join('\n');
}

/** A step may have been put off by several rules. */
function putOffWords({ steps }: PlayReport): string[] {
  const counts: Record<string, number> = {};
  for (const { deferredBy } of Object.values(steps))
    for (const [rule, count] of Object.entries(deferredBy)) counts[rule] = (counts[rule] ?? 0) + count;
  return Object.keys(counts).length === 0 ? [] : [`Steps put off: ${listed(counts)}.`, ''];
}

const listed = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isNumber = (text: string): boolean => /^\d+$/.test(text);
  return rows.map((row) =>
    row
      .map((cell, column) =>
        isNumber(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** Every decision as a JSON line, in order. */
export async function writeLedger(path: string, records: readonly DecisionRecord[]): Promise<void> {
  const file = createWriteStream(path);
  const closed = once(file, 'close');
  for (const record of records) file.write(`${JSON.stringify(toLedgerLine(record))}\n`);
  file.end();
  await closed;
}
