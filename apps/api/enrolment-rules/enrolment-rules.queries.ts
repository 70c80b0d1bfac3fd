import type { EnrolmentRuleResource } from '#contracts/schemas/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';

type RuleRow = Omit<EnrolmentRuleResource, 'recordedAt'> & { recorded_at: Date };

const COLUMNS = `r.id, r.external_id as "externalId", r.name, (select g.external_id from campaign g
    where g.organisation_id = r.organisation_id and g.id = r.campaign_id) as campaign, r.priority, r.audience,
  r.exception as "except", r.minimum_balance as "minimumBalance", r.entry, r.overdue_per_day as "overduePerDay",
  r.only_at_night as "onlyAtNight", r.state, r.recorded_at`;

const view = (row: RuleRow): EnrolmentRuleResource => ({
  id: row.id,
  externalId: row.externalId,
  name: row.name,
  campaign: row.campaign,
  priority: row.priority,
  audience: row.audience,
  except: row.except,
  minimumBalance: row.minimumBalance,
  entry: row.entry,
  overduePerDay: row.overduePerDay,
  onlyAtNight: row.onlyAtNight,
  state: row.state,
  recordedAt: instantText(row.recorded_at),
});

export const getRule = async (scope: Scope, id: string): Promise<EnrolmentRuleResource> => {
  const [row] = await scope.manager.query<RuleRow[]>(
    `select ${COLUMNS} from enrolment_rule r where r.organisation_id = $1 and r.id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Rule ${id} is gone.`);
  return view(row);
};

/** In the order in which they are asked. */
export const listRules = (scope: Scope, page: PageQuery): Promise<Page<EnrolmentRuleResource>> =>
  listPage<RuleRow, EnrolmentRuleResource>(
    scope,
    {
      columns: COLUMNS,
      from: 'enrolment_rule r',
      where: [['r.organisation_id = ?', scope.organisationId]],
      sort: { by: `lpad(r.priority::text, 4, '0') || r.external_id`, type: 'text' },
      id: 'r.id',
      view,
    },
    page,
  );
