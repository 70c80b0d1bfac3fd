import {
  engineSink,
  type ImportKind,
  importCsv,
  type ImportReport,
  openFile,
  readMapping,
} from '#importing/index.js';
import { findOrganisation } from '../find-organisation.js';
import { openServices } from '../running-services.js';
import { UserError } from '../user-error.js';

export interface ImportOptions {
  organisation: string;
  mapping?: string;
  dryRun?: boolean;
  json?: boolean;
}

const KINDS: readonly ImportKind[] = ['customers', 'invoices', 'payments'];

/** Loads a file into an organisation: good rows go in, each bad one is told with its remedy. */
export async function importFile(kind: string, file: string, options: ImportOptions): Promise<void> {
  const known = KINDS.find((each) => each === kind);
  if (!known) throw new UserError(`"${kind}" cannot be imported; write one of ${KINDS.join(', ')}.`);
  const mapping = options.mapping ? await readMapping(options.mapping, known) : undefined;
  const services = await openServices('import');
  try {
    const organisationId = await findOrganisation(services.system, options.organisation);
    const report = await importCsv(
      known,
      openFile(file),
      {
        mapping,
        dryRun: options.dryRun ?? false,
        onProgress: ({ rows }) => console.error(`${rows} rows read…`),
      },
      engineSink(services.app, organisationId),
    );
    print(report, file, options.json);
    if (report.failed > 0 || report.unreadable) process.exitCode = 1;
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
  if (report.unreadable)
    console.error(`${file}: the file ${report.unreadable.what}. ${report.unreadable.remedy}.`);
  if (json) return console.log(JSON.stringify(report));
  const { kind, rows, created, updated, unchanged, failed, dryRun } = report;
  const counts = `${created} created, ${updated} updated, ${unchanged} unchanged, ${failed} refused`;
  console.log(`${dryRun ? 'Dry run, nothing kept: ' : ''}${rows} ${kind}: ${counts}.`);
}
