import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { taskOutcomeInput } from '#contracts/schemas/task.js';
import { templatesOf, type CampaignDocument } from '#domain/campaign/document.js';
import { toneProblems } from '#domain/campaign/tones.js';
import { parseCampaign } from '#engine/campaigns/campaign-file.js';
import { type Answers, answerKey, type Scenario } from '#engine/play/scenario.js';
import { readCustomers, readInvoices, readMapping, type RowError } from '#importing/index.js';
import { shippedTemplates } from '#templates/shipped/index.js';
import { toneOfShipped } from '#templates/shipped/tones.js';
import { UserError } from './user-error.js';

export interface ScenarioOptions {
  customers: string;
  invoices: string;
  campaign: string;
  mapping?: string;
  answers?: string;
  ledger?: string;
  skipErrors?: boolean;
  json?: boolean;
}

/** The zone of a scenario's organisation: customers of the files have their own. */
const ORGANISATION_ZONE = 'UTC';

/** Reads what `play` and `simulate` run on. @throws {UserError} listing everything that is wrong with the files */
export async function readScenario(options: ScenarioOptions): Promise<Scenario> {
  const document = await readCampaign(options.campaign);
  const { mapping } = options;
  const customers = await readCustomers(
    options.customers,
    mapping ? await readMapping(mapping, 'customers') : undefined,
  );
  const invoices = await readInvoices(
    options.invoices,
    mapping ? await readMapping(mapping, 'invoices') : undefined,
  );
  const known = new Set(customers.rows.map(({ externalId }) => externalId));
  const strangers = invoices.rows.filter(({ input }) => !known.has(input.customerExternalId));
  report(options, [
    ...customers.errors.map((error) => describe(options.customers, error)),
    ...invoices.errors.map((error) => describe(options.invoices, error)),
    ...strangers.map(
      ({ input }) =>
        `${options.invoices}: invoice ${input.externalId} names customer ${input.customerExternalId}, who is not in ${options.customers}`,
    ),
  ]);
  const usable = invoices.rows.filter((row) => !strangers.includes(row));
  if (usable.length === 0) throw new UserError(`${options.invoices} has no invoice to run the campaign on.`);
  return {
    document,
    customers: customers.rows,
    invoices: usable,
    zone: ORGANISATION_ZONE,
    answers: options.answers ? await readAnswers(options.answers) : new Map(),
  };
}

/**
 * @param ownTemplates whether it may name templates other than the shipped ones
 * @throws {UserError} naming each problem's line and path
 */
export async function readCampaign(path: string, { ownTemplates = false } = {}): Promise<CampaignDocument> {
  const result = parseCampaign(await readText(path), extname(path) === '.json' ? 'json' : 'yaml');
  if (!result.ok) {
    const lines = result.problems.map(({ line, column, path: where, message }) => {
      const place = line === null ? path : `${path}:${line}${column === null ? '' : `:${column}`}`;
      return `${place}: ${where ? `${where}: ` : ''}${message}`;
    });
    throw new UserError(`The campaign cannot be used:\n${lines.join('\n')}`);
  }
  if (ownTemplates) return result.document;
  const templates = new Set(shippedTemplates.map(({ key }) => key));
  const missing = result.document.steps.flatMap(templatesOf).filter((key) => !templates.has(key));
  if (missing.length > 0) {
    const there = [...templates].join(', ');
    throw new UserError(
      `${path}: there is no template "${missing.join('", "')}"; the shipped ones are ${there}.`,
    );
  }
  const [harsh] = toneProblems(result.document, toneOfShipped);
  if (harsh) throw new UserError(`${path}: ${harsh.path}: ${harsh.message}.`);
  return result.document;
}

export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${path} cannot be read (${code ?? message}); correct its path, or its permissions.`);
  }
}

function report({ skipErrors }: ScenarioOptions, problems: string[]): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, 50).join('\n');
  const more = problems.length > 50 ? `\nand ${problems.length - 50} more` : '';
  if (!skipErrors)
    throw new UserError(`${shown}${more}\nMend these rows, or leave them out with --skip-errors.`);
  console.error(`${shown}${more}\nLeft out.`);
}

const describe = (path: string, { line, column, value, what, remedy }: RowError): string =>
  `${path}:${line}${column ? `: ${column}` : ''}${value ? ` "${value}"` : ''} ${what}; ${remedy}`;

const answersSchema = z.array(
  z.object({ invoice: z.coerce.string(), step: z.string() }).and(z.record(z.string(), z.unknown())),
);

/** A list of `{ invoice, step, outcome, … }` in the words of the API. */
async function readAnswers(path: string): Promise<Answers> {
  const listed = answersSchema.safeParse(parseYaml(await readText(path)));
  if (!listed.success) throw new UserError(`${path}: write a list of { invoice, step, outcome, … }.`);
  return new Map(
    listed.data.map(({ invoice, step, ...outcome }, index) => {
      const parsed = taskOutcomeInput.safeParse(outcome);
      const [issue] = parsed.error?.issues ?? [];
      if (issue)
        throw new UserError(`${path}: entry ${index + 1}: ${issue.path.join('.')} ${issue.message}.`);
      return [answerKey(invoice, step), taskOutcomeInput.parse(outcome)] as const;
    }),
  );
}
