import type { Audience, CustomerConditions } from '#contracts/schemas/index.js';
import type { EntryRule } from '#domain/campaign/document.js';
import type { Scope } from '../scope.js';

/** A rule as it is applied. */
export interface Rule {
  id: string;
  externalId: string;
  name: string;
  campaign: string | null;
  /** The newest published version of its campaign; null: it has none (any more), or the rule enrols nowhere. */
  versionId: string | null;
  audience: Audience;
  except: Audience | null;
  minimumBalance: { currency: string; amount: string }[];
  entry: EntryRule | null;
  overduePerDay: number | null;
  onlyAtNight: boolean;
}

export interface Rules {
  /** In the order in which they are asked. */
  rules: Rule[];
  /** Filters of segments by external id. */
  segments: Map<string, CustomerConditions>;
}

/**
 * The active rules of an organisation.
 *
 * @param andPaused these too, as for a preview
 */
export async function loadRules(scope: Scope, andPaused = false): Promise<Rules> {
  const rules = await scope.manager.query<Rule[]>(
    `select r.id, r.external_id as "externalId", r.name, g.external_id as campaign, (
       select v.id from campaign_version v where v.organisation_id = r.organisation_id and v.campaign_id = r.campaign_id
         and v.state = 'published' order by v.number desc limit 1) as "versionId", r.audience, r.exception as "except", 
       r.minimum_balance as "minimumBalance", r.entry, r.overdue_per_day as "overduePerDay",
       r.only_at_night as "onlyAtNight"
     from enrolment_rule r
     left join campaign g on g.organisation_id = r.organisation_id and g.id = r.campaign_id
     where r.organisation_id = $1 and (r.state = 'active' or $2) order by r.priority, r.external_id`,
    [scope.organisationId, andPaused],
  );
  if (rules.length === 0) return { rules, segments: new Map() };
  const segments = await scope.manager.query<{ external_id: string; filter: CustomerConditions }[]>(
    'select external_id, filter from segment where organisation_id = $1',
    [scope.organisationId],
  );
  return { rules, segments: new Map(segments.map((row) => [row.external_id, row.filter])) };
}
