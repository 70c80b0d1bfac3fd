import type { DataSource } from 'typeorm';
import type { CreditorInput } from '#contracts/schemas/creditor.js';
import { publish, saveDraft } from '#engine/campaigns/index.js';
import { isRefused, upsertCreditors, upsertCustomers, upsertInvoices } from '#engine/facts/index.js';
import { type Scope, withScope } from '#engine/scope.js';
import { withSystem } from '#store/with-organisation.js';
import type { Scenario } from './scenario.js';

const CHUNK = 500;

/** What a loaded scenario is known by in the database. */
export interface LoadedScenario {
  versionId: string;
  /** By external id. */
  invoiceIds: ReadonlyMap<string, string>;
}

/** Loads customers and invoices and publishes the campaign, as an import and a manager would. */
export async function loadScenario(
  dataSource: DataSource,
  organisationId: string,
  scenario: Scenario,
  creditor: CreditorInput,
): Promise<LoadedScenario> {
  const run = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
    withScope(dataSource, organisationId, 'play', work);
  const invoiceIds = new Map<string, string>();
  refuseNone(await run((scope) => upsertCreditors(scope, [creditor])));
  for (const chunk of chunks(scenario.customers)) {
    refuseNone(await run((scope) => upsertCustomers(scope, chunk)));
  }
  for (const chunk of chunks(scenario.invoices.map(({ input }) => input))) {
    const results = await run((scope) => upsertInvoices(scope, chunk));
    for (const { id, externalId } of refuseNone(results)) invoiceIds.set(externalId, id);
  }
  return { versionId: await run((scope) => publishCampaign(scope, scenario)), invoiceIds };
}

async function publishCampaign(scope: Scope, { document }: Scenario): Promise<string> {
  const draft = await saveDraft(scope, 'play', document);
  const result = await publish(scope, draft.campaignId, draft.number);
  if (result.kind === 'published') return result.version.versionId;
  throw new Error(`The campaign cannot be published: ${JSON.stringify(result)}`);
}

/** A test organisation with nothing in it. */
export async function createOrganisation(system: DataSource, zone: string): Promise<string> {
  const [row] = await withSystem(system, (manager) =>
    manager.query<{ id: string }[]>(
      `insert into organisation (name, kind, zone, clock_now) values ('Play', 'test', $1, to_timestamp(0)) returning id`,
      [zone],
    ),
  );
  if (!row) throw new Error('The organisation was not created.');
  return row.id;
}

export const chunks = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) =>
    items.slice(index * CHUNK, (index + 1) * CHUNK),
  );

/** What a scenario loads was checked when its files were read: a refusal here is a bug. */
export function refuseNone<T extends object>(results: readonly T[]): Exclude<T, { result: 'refused' }>[] {
  for (const result of results) {
    if (isRefused(result)) throw new Error(`The engine refused: ${JSON.stringify(result)}`);
  }
  return results as Exclude<T, { result: 'refused' }>[];
}
