import type { DataSource } from 'typeorm';
import type { RowKind, ImportSink, Row, RowResult } from '#importing/index.js';
import { withOrganisation } from '#store/with-organisation.js';
import { UserError } from './user-error.js';

/** Who is owed on imported invoices. */
export interface CreditorOfRows {
  /** The sink, which gets the creditor into the invoices that name none. */
  sink: ImportSink;
  /** What to pass next time; null when every invoice had its creditor. */
  advice(): string | null;
}

/**
 * @param creditor external id, for invoices that name none; undefined: the only one the organisation has
 * @throws {UserError} when invoices cannot have that creditor, or any
 */
export async function creditorOfRows(
  sink: ImportSink,
  kind: RowKind,
  creditor: string | undefined,
  [app, organisationId]: [DataSource, string],
): Promise<CreditorOfRows> {
  if (kind !== 'invoices') {
    if (creditor !== undefined) throw new UserError(`--creditor is for invoices; leave it out with ${kind}.`);
    return { sink, advice: () => null };
  }
  const there = await creditorsOf(app, organisationId);
  if (there.length === 0) throw new UserError(NO_CREDITOR);
  if (creditor !== undefined && !there.includes(creditor))
    throw new UserError(`There is no creditor "${creditor}"; pass one of ${list(there)} as --creditor.`);
  let missing = 0;
  return {
    sink: {
      write: async (of, rows, dryRun) => {
        const results = await sink.write(of, rows.map(completed(creditor)), dryRun);
        missing += results.filter(lacksCreditor).length;
        return results;
      },
    },
    advice: () =>
      missing === 0
        ? null
        : `${missing} invoices do not say who is owed: pass --creditor <id> with one of ${list(there)}, or give the ` +
          'file a column creditorExternalId.',
  };
}

const NO_CREDITOR =
  'The organisation has no creditor yet, and every invoice needs one: create it with PUT /v1/creditors/ext:<your id>, ' +
  'then import again. With several creditors pass --creditor <your id>.';

const completed =
  (creditorExternalId: string | undefined) =>
  <K extends RowKind>(row: Row<K>): Row<K> =>
    creditorExternalId === undefined ? row : { ...row, input: { creditorExternalId, ...row.input } };

const lacksCreditor = ({ row }: RowResult): boolean =>
  row.result === 'refused' && row.reason === 'ambiguous_creditor';

const MAX_LISTED = 20;

const list = (ids: readonly string[]): string =>
  ids.slice(0, MAX_LISTED).join(', ') + (ids.length > MAX_LISTED ? ', …' : '');

const creditorsOf = (app: DataSource, organisationId: string): Promise<string[]> =>
  withOrganisation(app, organisationId, async (manager) => {
    const rows = await manager.query<{ external_id: string }[]>(
      'select external_id from creditor where organisation_id = $1 order by external_id',
      [organisationId],
    );
    return rows.map(({ external_id }) => external_id);
  });
