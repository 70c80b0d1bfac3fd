import 'reflect-metadata';
import { Command } from 'commander';
import { ConfigError } from '#config/config.js';
import { UnreadableFileError } from '#importing/unreadable.js';
import { DatabaseUnreachableError } from '#store/data-source.js';
import type { DoctorOptions } from './commands/doctor.js';
import type { ImportOptions } from './commands/import.js';
import type { OpenItemsOptions } from './commands/open-items.js';
import type { PreviewOptions } from './commands/preview.js';
import type { ReleaseOptions, StopOptions } from './commands/stop.js';
import type { ScenarioOptions } from './scenario-files.js';
import { UserError } from './user-error.js';

/** Every command loads its own code only when it runs: `simulate` needs neither database nor providers. */
const program = new Command('kindly')
  .description('Staged payment outreach that is never wrong about a person.')
  .showHelpAfterError('(add --help for what there is)')
  .configureOutput({ outputError: (text, write) => write(text) });

const scenario = (command: Command): Command =>
  command
    .requiredOption('--customers <file>', 'customers, CSV')
    .requiredOption('--invoices <file>', 'invoices with their settlements, CSV')
    .requiredOption('--campaign <file>', 'campaign, YAML or JSON')
    .option('--mapping <file>', 'which column is which field (YAML or JSON); well-known headers need none')
    .option(
      '--answers <file>',
      'outcomes of calls: a YAML or JSON list of { invoice, step, outcome, … }; else no_answer',
    )
    .option('--ledger <file>', 'write every decision as a JSON line to this file')
    .option('--skip-errors', 'leave out rows that cannot be read, instead of stopping')
    .option('--json', 'print the report as one JSON object on standard output');

scenario(program.command('play'))
  .description(
    'run a campaign over past invoices on the real engine: a test organisation whose clock is advanced',
  )
  .action(async (options: ScenarioOptions) => (await import('./commands/play.js')).play(options));

scenario(program.command('simulate'))
  .description('the same report and ledger without the engine, in seconds')
  .action(async (options: ScenarioOptions) => (await import('./commands/simulate.js')).simulate(options));

program
  .command('import')
  .description(
    'load customers, invoices, payments, suppressions or a list of all that is open from a CSV file',
  )
  .argument('<kind>', 'customers, invoices, payments, suppressions or open-items')
  .argument('<file>', 'CSV file')
  .requiredOption('--organisation <id>', 'id or external id of the organisation')
  .option('--mapping <file>', 'which column is which field (YAML or JSON); well-known headers need none')
  .option('--creditor <id>', 'external id of who is owed, for invoices that do not say it')
  .option('--as-of <instant>', 'of open-items: what the books were true at; now unless given')
  .option(
    '--max-drop <percent>',
    'of open-items: so many of a hundred may be missing in the list; 20 unless given',
  )
  .option('--force', 'of open-items: apply the list although more are missing')
  .option('--dry-run', 'check everything, keep nothing')
  .option('--json', 'print the report as one JSON object on standard output')
  .action(async (kind: string, file: string, options: ImportOptions & OpenItemsOptions) =>
    kind === 'open-items'
      ? (await import('./commands/open-items.js')).importOpenItems(file, options)
      : (await import('./commands/import.js')).importFile(kind, file, options),
  );

program
  .command('validate')
  .description('check a campaign file')
  .argument('<file>', 'campaign, YAML or JSON')
  .action(async (file: string) => (await import('./commands/validate.js')).validate(file));

program
  .command('preview')
  .description(
    'say what publishing a campaign file would change for who is enrolled in it now; keeps nothing',
  )
  .argument('<file>', 'campaign, YAML or JSON')
  .requiredOption('--organisation <id>', 'id or external id of the organisation')
  .requiredOption('--campaign <id>', 'external id of the campaign that the file is a new version of')
  .option('--enrolments <choice>', 'when they would move: now, or after their next_step', 'now')
  .option('--json', 'print the preview as one JSON object on standard output')
  .action(async (file: string, options: PreviewOptions) =>
    (await import('./commands/preview.js')).preview(file, options),
  );

program
  .command('doctor')
  .description('check database, Temporal, providers, mailbox, DNS records and templates, and say what to do')
  .option('--from <address...>', 'check SPF and DMARC of what mail is sent as')
  .option('--organisation <id>', 'the same of what the creditors of this organisation send as')
  .option('--json', 'print the findings as one JSON object on standard output')
  .action(async (options: DoctorOptions) => (await import('./commands/doctor.js')).doctor(options));

program
  .command('stop')
  .description('emergency stop: nothing goes out any more, of any live organisation or of one')
  .requiredOption('--reason <text>', 'why, for whoever wonders')
  .option('--organisation <id>', 'id or external id; every live organisation unless given')
  .action(async (options: StopOptions) => (await import('./commands/stop.js')).stop(options));

program
  .command('release')
  .description('end an emergency stop; what waited goes out little by little')
  .option('--organisation <id>', 'id or external id; the stop of the whole installation unless given')
  .action(async (options: ReleaseOptions) => (await import('./commands/stop.js')).release(options));

program
  .command('migrate')
  .description('bring the database schema up to date and provision the roles')
  .action(async () => (await import('./commands/migrate.js')).migrateDatabase());

program
  .command('demo')
  .description('load the sample organisation and play its campaign visibly')
  .option('--again', 'play it once more, as a new organisation')
  .action(async (options: { again?: boolean }) => (await import('./commands/demo.js')).demo(options));

const EXPECTED = [UserError, ConfigError, DatabaseUnreachableError, UnreadableFileError];

/** What a user can put right is said in a sentence; anything else is a bug, and shows where it happened. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return EXPECTED.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
