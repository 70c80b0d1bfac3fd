import {
  ATTEMPT_STATE,
  attemptSentence,
  reasonText,
  RETRY_AT,
  retryOf,
  type StoredReason,
} from '#engine/reading/index.js';
import type { Instant } from '#domain/instant.js';
import type { Scope } from '#engine/scope.js';
import { instantText } from '../common/instant-text.js';
import { listPage, type Page, type PageQuery } from '../common/pagination.js';
import { optionalIdOf } from '../common/reference.js';
import { Problem } from '../common/problem.js';
import type { AttemptResource, ContactResource } from './ledger.schemas.js';

interface Row extends Omit<AttemptResource, 'sentence' | 'reasons' | 'dueAt' | 'decidedAt' | 'retryAt'> {
  reasons: StoredReason[];
  dueAt: Date;
  decidedAt: Date;
  retryAt: number | null;
  zone: string;
  contact: Pick<ContactResource, 'state' | 'outcomeCode'> | null;
}

const COLUMNS = `t.id, t.enrolment_id as "enrolmentId", c.external_id as "customerExternalId",
  i.external_id as "invoiceExternalId", g.external_id as "campaignExternalId", t.step_key as "stepKey", t.occurrence,
  t.run_no as "runNo", t.due_at as "dueAt", t.decided_at as "decidedAt", t.decision, t.reasons,
  t.deferred_by as "deferredBy", t.medium, t.variant_key as "variantKey", t.contact_id as "contactId",
  t.facts_version as "factsVersion", ${ATTEMPT_STATE} as state, ${RETRY_AT} as "retryAt", c.zone,
  case when o.id is not null then json_build_object('state', o.state, 'outcomeCode', o.outcome_code) end as contact`;

const FROM = `attempt t
  join customer c on c.organisation_id = t.organisation_id and c.id = t.customer_id
  join invoice i on i.organisation_id = t.organisation_id and i.id = t.invoice_id
  join campaign g on g.organisation_id = t.organisation_id and g.id = t.campaign_id
  join enrolment e on e.organisation_id = t.organisation_id and e.id = t.enrolment_id
  left join contact o on o.organisation_id = t.organisation_id and o.id = t.contact_id`;

const viewAt =
  (now: Instant) =>
  (row: Row): AttemptResource => {
    const retry = retryOf(row, now);
    return {
      id: row.id,
      enrolmentId: row.enrolmentId,
      customerExternalId: row.customerExternalId,
      invoiceExternalId: row.invoiceExternalId,
      campaignExternalId: row.campaignExternalId,
      stepKey: row.stepKey,
      occurrence: row.occurrence,
      runNo: row.runNo,
      dueAt: instantText(row.dueAt),
      decidedAt: instantText(row.decidedAt),
      decision: row.decision,
      state: row.state,
      retryAt: retry && instantText(new Date(retry.at)),
      reasons: row.reasons.map((reason) => ({ rule: reason.rule, text: reasonText(reason) })),
      wasDeferred: row.deferredBy.length > 0,
      deferredBy: row.deferredBy,
      medium: row.medium,
      variantKey: row.variantKey,
      contactId: row.contactId,
      factsVersion: row.factsVersion,
      sentence: attemptSentence({ ...row, retry }),
    };
  };

export interface AttemptFilter extends PageQuery {
  customer?: string | undefined;
  invoice?: string | undefined;
  campaign?: string | undefined;
  decision?: AttemptResource['decision'] | undefined;
  state?: AttemptResource['state'] | undefined;
}

/** Newest first. */
export const listAttempts = async (scope: Scope, filter: AttemptFilter): Promise<Page<AttemptResource>> =>
  listPage<Row, AttemptResource>(
    scope,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ['t.organisation_id = ?', scope.organisationId],
        ['t.customer_id = ?', await optionalIdOf(scope, 'customer', filter.customer)],
        ['t.invoice_id = ?', await optionalIdOf(scope, 'invoice', filter.invoice)],
        ['t.campaign_id = ?', await optionalIdOf(scope, 'campaign', filter.campaign)],
        ['t.decision = ?', filter.decision],
        [`${ATTEMPT_STATE} = ?`, filter.state],
      ],
      sort: { by: 't.decided_at', type: 'timestamptz', descending: true },
      id: 't.id',
      view: viewAt(scope.now),
    },
    filter,
  );

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const getAttempt = async (scope: Scope, id: string): Promise<AttemptResource> => {
  const [row] = UUID.test(id)
    ? await scope.manager.query<Row[]>(
        `select ${COLUMNS} from ${FROM} where t.organisation_id = $1 and t.id = $2`,
        [scope.organisationId, id],
      )
    : [];
  if (!row) throw new Problem('not-found', `There is no attempt ${id}.`);
  return viewAt(scope.now)(row);
};
