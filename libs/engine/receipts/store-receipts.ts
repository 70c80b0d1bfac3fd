import type { DataSource } from 'typeorm';
import type { Receipt } from '#channels/receipt.js';
import { formatInstant } from '#domain/instant.js';
import { withOrganisation } from '#store/with-organisation.js';

/** Wakes whoever applies receipts; delivered with the commit. */
export const RECEIPTS_CHANNEL = 'kindly_receipts';

export interface StoredReceipts {
  stored: number;
  /** Told before. */
  repeated: number;
  /** Of a copy, or of no message in the ledger: another installation's, or of before a backup was restored. */
  strange: number;
}

/** A receipt of a contact that is not there is kept out; one that was told before changes nothing. */
const STORE = `
  with told as (
    select * from jsonb_to_recordset($2) as r("eventKey" text, "contactId" uuid, "recipientHash" text, "providerId" text, kind text,
      "byMachine" boolean, "addressIsBad" boolean, code text, "effectiveAt" timestamptz)
  ), known as (
    select t.*, o.id as contact_id from told t join contact o on o.organisation_id = $1 and o.id = t."contactId"
    /* what becomes of a copy says nothing of the message */
    where t."recipientHash" is null or not exists (select from jsonb_array_elements(o.snapshot -> 'cc') as copy
      where encode(sha256(convert_to(lower(copy ->> 'address'), 'UTF8')), 'hex') = t."recipientHash")
  ), stored as (
    insert into receipt (organisation_id, contact_id, provider, event_key, provider_id, kind, by_machine,
                         address_is_bad, code, effective_at)
    select $1, contact_id, $3, "eventKey", "providerId", kind, "byMachine", "addressIsBad", code, "effectiveAt"
    from known order by "eventKey"
    on conflict (organisation_id, provider, event_key) do nothing
    returning 1
  )
  select (select count(*) from stored)::int as stored, (select count(*) from known)::int as known,
    (select count(pg_notify('${RECEIPTS_CHANNEL}', '')) from (select from stored limit 1) one)`;

/**
 * Stores what a provider told, each once, in one transaction an organisation; nothing is made of it yet. When it
 * returns, all of it is committed.
 *
 * @param dataSource of the role `app`
 */
export async function storeReceipts(
  dataSource: DataSource,
  provider: string,
  receipts: readonly Receipt[],
): Promise<StoredReceipts> {
  const result: StoredReceipts = { stored: 0, repeated: 0, strange: 0 };
  const addressed = receipts.filter(({ organisationId, contactId }) => organisationId && contactId);
  result.strange = receipts.length - addressed.length;
  for (const organisationId of new Set(addressed.map((each) => each.organisationId ?? ''))) {
    const own = addressed.filter((each) => each.organisationId === organisationId);
    const once = [...new Map(own.map((each) => [each.eventKey, each])).values()];
    const rows = once.map((each) => ({ ...each, effectiveAt: formatInstant(each.effectiveAt) }));
    const [row] = await withOrganisation(
      dataSource,
      organisationId,
      (manager) =>
        manager.query<{ stored: number; known: number }[]>(STORE, [
          organisationId,
          JSON.stringify(rows),
          provider,
        ]),
      { retry: true },
    );
    const { stored = 0, known = 0 } = row ?? {};
    result.stored += stored;
    result.strange += once.length - known;
    result.repeated += own.length - once.length + known - stored;
  }
  return result;
}
