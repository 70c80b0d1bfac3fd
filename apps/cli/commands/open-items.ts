import { parseInstant } from '#domain/instant.js';
import { applySnapshot, MOST_DROP, type SnapshotReport } from '#engine/facts/index.js';
import { type Scope, withScope } from '#engine/scope.js';
import { openFile, readMapping, readOpenItems } from '#importing/index.js';
import { findOrganisation } from '../find-organisation.js';
import { openServices } from '../running-services.js';
import { UserError } from '../user-error.js';

export interface OpenItemsOptions {
  organisation: string;
  creditor?: string;
  mapping?: string;
  asOf?: string;
  maxDrop?: string;
  force?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** More of a list than can be read at a glance. */
const SHOWN = 20;

/** Brings what is owed in line with a list of all that is open: what is missing in it is settled. */
export async function importOpenItems(file: string, options: OpenItemsOptions): Promise<void> {
  const items = await readWhole(file, options.mapping);
  const maxDrop = shareOf(options.maxDrop);
  const services = await openServices('import');
  try {
    const organisationId = await findOrganisation(services.system, options.organisation);
    const run = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
      withScope(services.app, organisationId, 'command line', work);
    const now = await run((scope) => Promise.resolve(scope.now));
    const asOf = options.asOf === undefined ? now : instantOf(options.asOf);
    if (asOf > now) throw new UserError('--as-of lies in the future; write what the books were true at.');
    const { creditor, force = false, dryRun = false } = options;
    const result = await applySnapshot(run, { creditor, asOf, items, maxDrop, force, dryRun });
    if (result.kind === 'refused') throw new UserError(`${result.field} ${result.message}.`);
    const kept = result.kind === 'alarm' ? 'refused' : dryRun ? 'dry' : 'all';
    print(result.report, kept, options.json);
    if (result.kind === 'alarm') throw new UserError(alarm(result.report, result.allowed));
  } finally {
    await services.stop();
  }
}

async function readWhole(file: string, mapping: string | undefined) {
  const columns = mapping === undefined ? undefined : await readMapping(mapping, 'open-items');
  const read = await readOpenItems(openFile(file), columns);
  if (read.ok) return read.items;
  for (const { line, column, value, what, remedy } of read.errors)
    console.error(
      `${file}:${line}${column ? `: ${column}` : ''}${value ? ` "${value}"` : ''} ${what}; ${remedy}`,
    );
  throw new UserError(
    `${read.errorCount} things in the list cannot be read; nothing was applied. Mend the rows and import the whole list again: of half a list nobody can say what is missing.`,
  );
}

function shareOf(text: string | undefined): number {
  if (text === undefined) return MOST_DROP;
  const share = Number(text);
  if (Number.isInteger(share) && share >= 0 && share <= 100) return share;
  throw new UserError(`--max-drop "${text}" is no share; write a whole number from 0 to 100.`);
}

function instantOf(text: string): number {
  try {
    return parseInstant(text);
  } catch {
    throw new UserError(`--as-of "${text}" is no instant; write it like 2026-03-31T18:00:00Z.`);
  }
}

const alarm = ({ closed, open }: SnapshotReport, allowed: number): string =>
  `${closed.length} of ${open} open invoices are missing in the list, and ${allowed} may be; nothing was applied. See whether the list is whole. If it is, import it again with --force.`;

const NOTHING = { all: '', dry: 'Dry run, nothing kept. ', refused: 'Refused, nothing kept. ' };

function print(report: SnapshotReport, kept: keyof typeof NOTHING, json: boolean | undefined): void {
  if (json) return console.log(JSON.stringify(report));
  const { open, closed, lowered, raised, unchanged, unknown, disagreeing } = report;
  const would = kept === 'all' ? '' : 'would be ';
  console.log(
    `${NOTHING[kept]}Of ${open} open invoices ${closed.length} ${would}settled, ${lowered.length} lowered, ${raised.length} raised, ${unchanged} as listed.`,
  );
  if (open > 0 && closed.length === open)
    console.error('Everything that was open is missing in the list: is it whole?');
  list(`${would}settled`, closed);
  list('lowered', lowered);
  list('raised', raised);
  list('listed, and unknown here', unknown);
  list('listed with another currency, or with more than was ever owed', disagreeing);
}

const list = (what: string, ids: readonly string[]): void => {
  if (ids.length === 0) return;
  const more = ids.length > SHOWN ? `, and ${ids.length - SHOWN} more` : '';
  console.log(`  ${what}: ${ids.slice(0, SHOWN).join(', ')}${more}`);
};
