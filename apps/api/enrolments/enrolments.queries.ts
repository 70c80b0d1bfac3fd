import { formatInstant } from '#domain/instant.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { type EnrolmentOutlook, readOutlook } from '#engine/reading/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { listPage, type Page } from '../common/pagination.js';
import { idOf, notFound, optionalIdOf } from '../common/reference.js';
import type { EnrolmentDetailResource, EnrolmentQuery, EnrolmentResource } from './enrolments.schemas.js';

type Moments = 'enrolledAt' | 'endedAt' | 'nextDueAt';
type Row = Omit<EnrolmentResource, Moments> & {
  enrolledAt: Date;
  endedAt: Date | null;
  nextDueAt: Date | null;
};

const COLUMNS = `e.id, e.invoice_id as "invoiceId", i.external_id as "invoiceExternalId",
  c.external_id as "customerExternalId", g.external_id as "campaignExternalId", v.number as "versionNumber",
  e.run_no as "runNo", e.entry_rule as entry, e.state, e.ended_reason as "endedReason", e.enrolled_at as "enrolledAt",
  e.ended_at as "endedAt", e.next_due_at as "nextDueAt", e.planned_version >= e.facts_version as planned,
  (e.paused_at is not null or g.paused_at is not null) as paused`;

const FROM = `enrolment e
  join invoice i on i.organisation_id = e.organisation_id and i.id = e.invoice_id
  join customer c on c.organisation_id = e.organisation_id and c.id = e.customer_id
  join campaign g on g.organisation_id = e.organisation_id and g.id = e.campaign_id
  join campaign_version v on v.organisation_id = e.organisation_id and v.id = e.version_id`;

const view = (row: Row): EnrolmentResource => ({
  id: row.id,
  invoiceId: row.invoiceId,
  invoiceExternalId: row.invoiceExternalId,
  customerExternalId: row.customerExternalId,
  campaignExternalId: row.campaignExternalId,
  versionNumber: row.versionNumber,
  runNo: row.runNo,
  entry: row.entry,
  state: row.state,
  endedReason: row.endedReason,
  enrolledAt: instantText(row.enrolledAt),
  endedAt: instantTextOrNull(row.endedAt),
  nextDueAt: instantTextOrNull(row.nextDueAt),
  planned: row.planned,
  paused: row.paused,
});

/** In the order they were made. */
export const listEnrolments = async (scope: Scope, query: EnrolmentQuery): Promise<Page<EnrolmentResource>> =>
  listPage<Row, EnrolmentResource>(
    scope,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ['e.organisation_id = ?', scope.organisationId],
        ['e.campaign_id = ?', await optionalIdOf(scope, 'campaign', query.campaign)],
        ['e.invoice_id = ?', await optionalIdOf(scope, 'invoice', query.invoice)],
        ['e.customer_id = ?', await optionalIdOf(scope, 'customer', query.customer)],
        ['e.state = ?', query.state],
      ],
      sort: { by: 'e.recorded_at', type: 'timestamptz' },
      id: 'e.id',
      view,
    },
    query,
  );

export const getEnrolment = async (
  scope: Scope,
  calendar: WorkingCalendar,
  reference: string,
): Promise<EnrolmentDetailResource> => {
  const id = await idOf(scope, 'enrolment', reference);
  const [row] = await scope.manager.query<Row[]>(
    `select ${COLUMNS} from ${FROM} where e.organisation_id = $1 and e.id = $2`,
    [scope.organisationId, id],
  );
  const outlook = await readOutlook(scope, calendar, id);
  if (!row || !outlook) throw notFound('enrolment', reference);
  return { ...view(row), next: outlook.next, upcoming: upcomingView(outlook) };
};

const upcomingView = ({ upcoming }: EnrolmentOutlook): EnrolmentDetailResource['upcoming'] =>
  upcoming.map(({ stepKey, occurrence, at }) => ({
    stepKey,
    occurrence,
    at: at === null ? null : formatInstant(at),
  }));
