import type { HoldResource } from '#contracts/schemas/index.js';
import { HOLD_TRAITS } from '#domain/holds.js';
import { formatAmount } from '#domain/money.js';
import type { Scope } from '#engine/scope.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';
import { optionalIdOf } from '../common/reference.js';

interface HoldRow {
  id: string;
  customer_external_id: string;
  invoice_external_id: string | null;
  kind: HoldResource['kind'];
  state: HoldResource['state'];
  reason: string | null;
  evidence: HoldResource['evidence'];
  amount_minor: number | null;
  currency: string | null;
  resume: HoldResource['resume'];
  effective_at: Date;
  recorded_at: Date;
  expires_at: Date | null;
  released_at: Date | null;
}

const FROM = `hold h
  join customer c on c.organisation_id = h.organisation_id and c.id = h.customer_id
  left join invoice i on i.organisation_id = h.organisation_id and i.id = h.invoice_id`;

/** By the organisation's clock. */
const stateAt = (scope: Scope): string => `case when h.released_at is not null then 'released'
  when h.expires_at <= '${new Date(scope.now).toISOString()}'::timestamptz then 'expired' else 'active' end`;

const columnsAt = (scope: Scope): string => `h.id, c.external_id as customer_external_id,
  i.external_id as invoice_external_id, h.kind, ${stateAt(scope)} as state, h.reason, h.evidence, h.amount_minor, i.currency,
  h.resume, h.effective_at,
  h.recorded_at, h.expires_at, h.released_at`;

const view = (row: HoldRow): HoldResource => ({
  id: row.id,
  customerExternalId: row.customer_external_id,
  invoiceExternalId: row.invoice_external_id,
  kind: row.kind,
  state: row.state,
  reason: row.reason,
  evidence: row.evidence,
  amount:
    row.amount_minor === null || row.currency === null ? null : formatAmount(row.amount_minor, row.currency),
  resume: row.resume,
  stopsFees: HOLD_TRAITS[row.kind].stopsFees,
  effectiveAt: instantText(row.effective_at),
  recordedAt: instantText(row.recorded_at),
  expiresAt: instantTextOrNull(row.expires_at),
  releasedAt: instantTextOrNull(row.released_at),
});

export const getHold = async (scope: Scope, id: string): Promise<HoldResource> => {
  const [row] = await scope.manager.query<HoldRow[]>(
    `select ${columnsAt(scope)} from ${FROM} where h.organisation_id = $1 and h.id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Hold ${id} is gone.`);
  return view(row);
};

export interface HoldFilter extends PageQuery {
  customer?: string | undefined;
  invoice?: string | undefined;
  kind?: HoldResource['kind'] | undefined;
  state?: HoldResource['state'] | undefined;
}

export const listHolds = async (scope: Scope, filter: HoldFilter): Promise<Page<HoldResource>> =>
  listPage<HoldRow, HoldResource>(
    scope,
    {
      columns: columnsAt(scope),
      from: FROM,
      where: [
        ['h.organisation_id = ?', scope.organisationId],
        ['h.customer_id = ?', await optionalIdOf(scope, 'customer', filter.customer)],
        ['h.invoice_id = ?', await optionalIdOf(scope, 'invoice', filter.invoice)],
        ['h.kind = ?', filter.kind],
        [`${stateAt(scope)} = ?`, filter.state],
      ],
      sort: { by: 'h.recorded_at', type: 'timestamptz' },
      id: 'h.id',
      view,
    },
    filter,
  );
