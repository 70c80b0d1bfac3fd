import type { EntityManager } from 'typeorm';
import type { CampaignDocument } from '#domain/campaign/document.js';
import type { CompiledTemplate } from '#templates/index.js';

/** A published version with all it sends. */
export interface CampaignVersion {
  id: string;
  campaignId: string;
  campaignExternalId: string;
  document: CampaignDocument;
  /** By key, then locale. */
  templates: Record<string, Record<string, VersionTemplate>>;
}

export interface VersionTemplate {
  id: string;
  compiled: CompiledTemplate;
}

/** A published version is immutable, so what was read once stays true. Some hundred kilobytes each. */
const CAPACITY = 64;
const cache = new Map<string, CampaignVersion>();

export class UnpublishedVersionError extends Error {
  override name = 'UnpublishedVersionError';
}

/** @throws {UnpublishedVersionError} when there is no such version or it is a draft. */
export async function loadVersion(
  manager: EntityManager,
  organisationId: string,
  versionId: string,
): Promise<CampaignVersion> {
  const key = `${organisationId}/${versionId}`;
  const version = cache.get(key) ?? (await readVersion(manager, organisationId, versionId));
  // Last used, last in the map's order; the first goes.
  cache.delete(key);
  cache.set(key, version);
  for (const oldest of cache.keys()) {
    if (cache.size <= CAPACITY) break;
    cache.delete(oldest);
  }
  return version;
}

interface Row {
  id: string;
  campaign_id: string;
  external_id: string;
  document: CampaignDocument;
  templates: CampaignVersion['templates'] | null;
}

async function readVersion(
  manager: EntityManager,
  organisationId: string,
  versionId: string,
): Promise<CampaignVersion> {
  const [row] = await manager.query<Row[]>(
    `select v.id, v.campaign_id, c.external_id, v.document,
       (select json_object_agg(k.key, (
          select json_object_agg(l.key, json_build_object('id', t.id, 'compiled', t.compiled))
          from jsonb_each_text(k.value) l
          join template_version t on t.organisation_id = v.organisation_id and t.id = l.value::uuid))
        from jsonb_each(v.templates) k) as templates
     from campaign_version v
     join campaign c on c.organisation_id = v.organisation_id and c.id = v.campaign_id
     where v.organisation_id = $1 and v.id = $2 and v.state <> 'draft'`,
    [organisationId, versionId],
  );
  if (!row) throw new UnpublishedVersionError(`There is no published campaign version ${versionId}.`);
  return {
    id: row.id,
    campaignId: row.campaign_id,
    campaignExternalId: row.external_id,
    document: row.document,
    templates: row.templates ?? {},
  };
}
