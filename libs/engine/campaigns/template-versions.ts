import { isDeepStrictEqual } from 'node:util';
import { type CompiledTemplate, type TemplateSource, shippedTemplates } from '#templates/index.js';
import type { Scope } from '../scope.js';

/** One stored version of a template in one locale; never changed once written. */
export interface TemplateVersionRow {
  id: string;
  key: string;
  locale: string;
  number: number;
  source: StoredSource;
  compiled: CompiledTemplate;
  recorded_at: Date;
}

/** `origin` tells a template of the organisation from a copy of a shipped one that a campaign was published with. */
export type StoredSource = TemplateSource & { origin: 'own' | 'shipped' };

const COLUMNS = 'id, key, locale, number, source, compiled, recorded_at';

/** The newest version of each template and locale that the organisation wrote itself; of some keys, or of all. */
export const ownTemplates = (
  { manager, organisationId }: Scope,
  keys?: readonly string[],
): Promise<TemplateVersionRow[]> =>
  manager.query(
    `select distinct on (key, locale) ${COLUMNS} from template_version
     where organisation_id = $1 and source->>'origin' = 'own' and ($2::text[] is null or key = any ($2))
     order by key, locale, number desc`,
    [organisationId, keys ?? null],
  );

/** Keys of the templates that the organisation wrote itself. */
export async function ownTemplateKeys({ manager, organisationId }: Scope): Promise<string[]> {
  const rows = await manager.query<{ key: string }[]>(
    `select distinct key from template_version where organisation_id = $1 and source->>'origin' = 'own'`,
    [organisationId],
  );
  return rows.map(({ key }) => key);
}

export const shippedSource = (key: string, locale: string): TemplateSource | undefined =>
  shippedTemplates.find((source) => source.key === key && source.locale === locale);

/**
 * The id of a version with this content: the newest one if it is the same, else a new one with the next number.
 */
export async function ensureTemplateVersion(
  scope: Scope,
  source: StoredSource,
  compiled: CompiledTemplate,
): Promise<Pick<TemplateVersionRow, 'id' | 'number'>> {
  const { manager, organisationId } = scope;
  const name = [organisationId, source.key, source.locale];
  await manager.query(
    `select pg_advisory_xact_lock(hashtextextended($1 || '/' || $2 || '/' || $3, 0))`,
    name,
  );
  const [latest] = await manager.query<TemplateVersionRow[]>(
    `select ${COLUMNS} from template_version where organisation_id = $1 and key = $2 and locale = $3
     order by number desc limit 1`,
    name,
  );
  if (latest && sameContent(latest, source, compiled)) return latest;
  const [created] = await manager.query<TemplateVersionRow[]>(
    `insert into template_version (organisation_id, key, locale, number, source, compiled)
     values ($1, $2, $3, $4, $5, $6) returning id, number`,
    [...name, (latest?.number ?? 0) + 1, JSON.stringify(source), JSON.stringify(compiled)],
  );
  if (!created) throw new Error('PostgreSQL returned no row for an inserted template version.');
  return created;
}

const sameContent = (row: TemplateVersionRow, source: StoredSource, compiled: CompiledTemplate): boolean =>
  isDeepStrictEqual(row.source, plain(source)) && isDeepStrictEqual(row.compiled, plain(compiled));

/** As JSON gives it back: without members that are undefined. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value)) as unknown;
