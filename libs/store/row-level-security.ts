/** The role of API and worker: sees one organisation at a time, owns nothing. */
export const APP_ROLE = 'kindly_app';

/** The role of relay, sweep, key look-up and of creating organisations: sees every organisation, but few columns. */
export const SYSTEM_ROLE = 'kindly_system';

/** The organisation that this transaction is for. A pooled connection that once had the setting yields an empty string. */
const CURRENT_ORGANISATION = `nullif(current_setting('app.organisation', true), '')::uuid`;

/** A privilege as in GRANT, with columns where only some may be touched: `select`, `update (state, tries)`. */
export type Privilege = string;

/**
 * What a tenant table needs, as statements for a migration (which, having run, is never changed: a new rule gets a
 * new function). Row-level security is forced on the owner too, and the owner, who is whoever runs the migration, has
 * a policy of its own: without it a backfill by an owner that is no superuser would silently touch no row.
 *
 * @param key the column that holds the organisation: `id` in the table of organisations itself
 */
export const tenantPolicies = (table: string, key = 'organisation_id'): string[] => [
  `alter table ${table} enable row level security`,
  `alter table ${table} force row level security`,
  `create policy tenant on ${table} to ${APP_ROLE}
     using (${key} = ${CURRENT_ORGANISATION}) with check (${key} = ${CURRENT_ORGANISATION})`,
  `create policy migration on ${table} to current_user using (true) with check (true)`,
];

/**
 * What a tenant table needs besides: no statistics of `organisation_id`, which is then taken to single out a two-hundredth
 * of the rows. With statistics, an organisation that came after the last ANALYZE is taken to have one row; every index
 * that begins with it looks as good as the primary key, and a first import reads all invoices for each of them.
 */
export const plannedByKey = (table: string): string[] => [
  `alter table ${table} alter column organisation_id set statistics 0`,
];

/** Lets the app role do this with the rows of its organisation. */
export const grantToApp = (table: string, privileges: readonly Privilege[]): string[] => [
  `grant ${privileges.join(', ')} on ${table} to ${APP_ROLE}`,
];

/** Lets the system role do this with the rows of every organisation. */
export const grantToSystem = (table: string, privileges: readonly Privilege[]): string[] => [
  `create policy system on ${table} to ${SYSTEM_ROLE} using (true) with check (true)`,
  `grant ${privileges.join(', ')} on ${table} to ${SYSTEM_ROLE}`,
];

/**
 * Creates a role that does not exist yet, without a login: passwords come from `provisionRoles`, or from whoever runs
 * the cluster. Roles belong to the whole cluster, so another database's migration may create it at the same moment.
 */
export const createRole = (role: string): string => `do $$
  begin
    if not exists (select from pg_roles where rolname = '${role}') then
      create role ${role} nologin;
    end if;
  exception when duplicate_object or unique_violation then null;
  end $$`;
