import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { openDataSource } from '#store/data-source.js';
import { SYSTEM_ROLE } from '#store/row-level-security.js';
import { testDatabase } from '#test/support/database.js';
import type { TestDatabase } from '#test/support/database.js';

let database: TestDatabase;
let owner: DataSource;

beforeAll(async () => {
  database = await testDatabase();
  owner = await openDataSource({ url: database.ownerUrl, role: 'owner' });
});
afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

/** Everything the role may do by itself, as a member of another role or as everybody: a line for each table and verb. */
const PRIVILEGES = `
  with relations as (
    select c.oid, c.relname, c.relkind from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  ), columns as (
    select r.relname, verb, string_agg(a.attname, ', ' order by a.attnum) filter (where allowed) as allowed,
           bool_and(allowed) as every
    from relations r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    cross join unnest('{select, insert, update, references}'::text[]) verb
    cross join lateral has_column_privilege($1, r.oid, a.attnum, verb) allowed
    where r.relkind <> 'S' group by r.relname, verb
  )
  select relname || ': ' || verb || case when every then '' else ' (' || allowed || ')' end as line
  from columns where allowed is not null
  union all
  select relname || ': ' || verb from relations r
  cross join unnest('{delete, truncate, trigger, maintain}'::text[]) verb
  where r.relkind <> 'S' and has_table_privilege($1, r.oid, verb)
  union all
  select relname || ': ' || verb from relations r cross join unnest('{usage, select, update}'::text[]) verb
  where case when r.relkind = 'S' then has_sequence_privilege($1, r.oid, verb) end
  union all
  select 'schema ' || nspname || ': create' from pg_namespace where has_schema_privilege($1, oid, 'create')
  order by line`;

it('the system role can do what relay, sweep, key look-up and founding need, and nothing more', async () => {
  const rows = await owner.query<{ line: string }[]>(PRIVILEGES, [SYSTEM_ROLE]);
  expect(rows.map(({ line }) => line).sort()).toEqual([
    'answer_request: select (organisation_id, enrolment_id, state)',
    'api_key: select (organisation_id, id, role, hash, last_used_at, revoked_at)',
    'api_key: update (last_used_at)',
    'campaign_move: select (organisation_id, id, state)',
    'contact: select (organisation_id, id, state, provider, provider_id, recorded_at, delivery, resolution, polls)',
    'enrolment: select (organisation_id, id, invoice_id, state, next_due_at, facts_version, planned_version, recorded_at, waits_for_release)',
    'idempotency_key: delete',
    'idempotency_key: select (organisation_id, recorded_at)',
    'inbound_message: select (organisation_id, id, recorded_at, applied_at)',
    'installation_stop: insert',
    'installation_stop: select',
    'installation_stop: update (released_by, released_at)',
    'mailbox: insert',
    'mailbox: select',
    'mailbox: update',
    'organisation: insert',
    'organisation: select',
    'outbox: delete',
    'outbox: insert',
    'outbox: select',
    'outbox: update',
    'provider_breaker: select',
    'receipt: select (organisation_id, contact_id, recorded_at, applied_at)',
    'webhook_delivery: select (organisation_id, endpoint_id, subject_id, sequence, state)',
    'webhook_endpoint: select (organisation_id, id, state)',
  ]);
});
