import {
  engineSink,
  IMPORT_KINDS,
  importCsv,
  type ImportReport,
  openFile,
  readMapping,
} from '#importing/index.js';
import { loadPublicHolidays } from '#domain/holidays.js';
import { holidayCalendar } from '#domain/working-days.js';
import { creditorOfRows } from '../creditor-of-rows.js';
import { findOrganisation } from '../find-organisation.js';
import { openServices } from '../running-services.js';
import { UserError } from '../user-error.js';

export interface ImportOptions {
  organisation: string;
  mapping?: string;
  /** External id of who is owed, for invoices that name nobody. */
  creditor?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** Loads a file into an organisation: good rows go in, each bad one is told with its remedy. */
export async function importFile(kind: string, file: string, options: ImportOptions): Promise<void> {
  const known = IMPORT_KINDS.find((each) => each === kind);
  if (!known) throw new UserError(`"${kind}" cannot be imported; write one of ${IMPORT_KINDS.join(', ')}.`);
  const mapping = options.mapping ? await readMapping(options.mapping, known) : undefined;
  const services = await openServices('import');
  try {
    const organisationId = await findOrganisation(services.system, options.organisation);
    const calendar = holidayCalendar(await loadPublicHolidays());
    const sink = engineSink(services.app, organisationId, calendar);
    const to = await creditorOfRows(sink, known, options.creditor, [services.app, organisationId]);
    const report = await importCsv(
      known,
      openFile(file),
      {
        mapping,
        dryRun: options.dryRun ?? false,
        onProgress: ({ rows }) => console.error(`${rows} rows read…`),
      },
      to.sink,
    );
    print(report, file, options.json);
    const advice = to.advice();
    if (advice) console.error(advice);
    if (report.errorCount > 0 || report.unreadable) process.exitCode = 1;
  } finally {
    await services.stop();
  }
}

function print(report: ImportReport, file: string, json: boolean | undefined): void {
  for (const { line, column, value, what, remedy } of report.errors) {
    console.error(
      `${file}:${line}${column ? `: ${column}` : ''}${value ? ` "${value}"` : ''} ${what}; ${remedy}`,
    );
  }
  if (report.unreadable) {
    const { line, what, remedy } = report.unreadable;
    console.error(`${line === null ? file : `${file}:${line}`}: the file ${what}. ${remedy}.`);
  }
  if (json) return console.log(JSON.stringify(report));
  const { kind, rows, created, updated, unchanged, failed, dryRun } = report;
  const counts = `${created} created, ${updated} updated, ${unchanged} unchanged, ${failed} refused`;
  console.log(`${dryRun ? 'Dry run, nothing kept: ' : ''}${rows} ${kind}: ${counts}.`);
  const settled = settlementsOf(report);
  if (settled) console.log(settled);
  if (report.enrolled > 0) console.log(`${report.enrolled} enrolled by rules.`);
}

/** Of invoices whose row says when they were paid; null where none does. */
function settlementsOf({ settlements }: ImportReport): string | null {
  const { created, updated, unchanged, failed, ahead } = settlements;
  const told = [
    `${created + updated} recorded`,
    `${unchanged} known already`,
    `${ahead} still in the future and left out`,
    `${failed} refused`,
  ];
  const all = created + updated + unchanged + failed + ahead;
  return all === 0 ? null : `${all} settled by the file's dates: ${told.join(', ')}.`;
}
