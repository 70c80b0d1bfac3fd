import type { QueryRunner } from 'typeorm';
import { APP_ROLE, SYSTEM_ROLE } from '#store/row-level-security.js';

/** One promise of the design about every table; the query finds what breaks it, a column `what` names each. */
interface Rule {
  rule: string;
  query: string;
}

/** Not a tenant's: the migrations that have run, and what is about the installation as a whole. */
const NOT_OF_TENANTS = ['schema_migration', 'installation_stop', 'provider_breaker', 'mailbox'];

/** An index that has to be unique over all organisations: a key, or an organisation's own name, is found by it alone. */
const UNIQUE_EVERYWHERE = ['api_key_hash_key'];

/** Functions that do what the app role may not, for its own organisation alone: each has a page in docs/adr. */
const AS_OWNER = ['erase_customer'];

/** The policy, as PostgreSQL writes it. */
const POLICY = `'(' || t.key || $$ = (NULLIF(current_setting('app.organisation'::text, true), ''::text))::uuid)$$`;

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/** Tables of this database, with the column that says whose a row is. */
const TABLES = `tables as (
  select c.oid, c.relname::text as name, c.relrowsecurity, c.relforcerowsecurity,
         case when c.relname = 'organisation' then 'id' else 'organisation_id' end as key
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'f', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and c.relname not in (${list(NOT_OF_TENANTS)})
), keys as (
  select t.*, a.attnum as key_number
  from tables t left join pg_attribute a on a.attrelid = t.oid and a.attname = t.key and a.attnotnull
)`;

const RULES: readonly Rule[] = [
  {
    rule: 'has a column organisation_id that is not null',
    query: `select name as what from keys where key_number is null`,
  },
  {
    rule: 'has row-level security, forced on its owner too',
    query: `select name as what from tables where not (relrowsecurity and relforcerowsecurity)`,
  },
  {
    rule: 'shows the app role the rows of the current organisation, and no policy shows it more',
    query: `
      select name as what from tables t
      where not exists (select from pg_policies p where p.tablename = t.name and p.permissive = 'PERMISSIVE'
                          and p.cmd = 'ALL' and p.roles = '{${APP_ROLE}}')
      union
      select t.name || ', policy ' || p.policyname from tables t join pg_policies p on p.tablename = t.name
      where (p.roles && '{${APP_ROLE},public}')
        and (p.qual is distinct from ${POLICY} or p.with_check is distinct from ${POLICY})`,
  },
  {
    rule: 'has a primary key that begins with organisation_id',
    query: `
      select name as what from keys k
      where not exists (select from pg_index i where i.indrelid = k.oid and i.indisprimary and i.indkey[0] = k.key_number)`,
  },
  {
    rule: 'has organisation_id in every unique index, so that nobody learns of a row of another by colliding with it',
    query: `
      select k.name || ', index ' || x.relname as what
      from keys k join pg_index i on i.indrelid = k.oid and i.indisunique join pg_class x on x.oid = i.indexrelid
      where k.name <> 'organisation' and x.relname not in (${list(UNIQUE_EVERYWHERE)})
        and k.key_number <> all (i.indkey)`,
  },
  {
    rule: 'refers to other tables within the organisation: the foreign key maps organisation to organisation',
    query: `
      select k.name || ', constraint ' || f.conname as what
      from keys k join pg_constraint f on f.conrelid = k.oid and f.contype = 'f' join keys r on r.oid = f.confrelid
      where not exists (select from unnest(f.conkey, f.confkey) as pair (mine, its)
                        where pair.mine = k.key_number and pair.its = r.key_number)`,
  },
  {
    rule: 'is planned by its keys: organisation_id has no statistics',
    query: `
      select k.name as what from keys k join pg_attribute a on a.attrelid = k.oid and a.attnum = k.key_number
      where k.name <> 'organisation' and a.attstattarget is distinct from 0`,
  },
  {
    rule: 'is not owned by a role of the application, nor is anything else',
    query: `
      select c.relname || ' belongs to ' || r.rolname as what from pg_class c join pg_roles r on r.oid = c.relowner
      where r.rolname in (${list([APP_ROLE, SYSTEM_ROLE])})
      union select datname || ' belongs to ' || r.rolname from pg_database d join pg_roles r on r.oid = d.datdba
      where r.rolname in (${list([APP_ROLE, SYSTEM_ROLE])})
      union select nspname || ' belongs to ' || r.rolname from pg_namespace n join pg_roles r on r.oid = n.nspowner
      where r.rolname in (${list([APP_ROLE, SYSTEM_ROLE])})`,
  },
  {
    rule: 'is read by roles that can neither skip row-level security nor become a role that can',
    query: `
      select rolname::text as what from pg_roles
      where rolname in (${list([APP_ROLE, SYSTEM_ROLE])}) and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)
      union
      select m.rolname || ' is a member of ' || g.rolname
      from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid
      where m.rolname in (${list([APP_ROLE, SYSTEM_ROLE])})`,
  },
  {
    rule: 'is not got around by a view or function that runs with the rights of its owner',
    query: `
      select c.relname::text as what from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'v' and n.nspname = 'public' and not coalesce(c.reloptions @> '{security_invoker=true}', false)
      union select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname = 'public' and p.proname not in (${list(AS_OWNER)})`,
  },
  {
    rule: 'grants nothing to everybody',
    query: `
      select t.name as what from tables t join pg_class c on c.oid = t.oid, aclexplode(c.relacl) as acl
      where acl.grantee = 0`,
  },
];

/**
 * Walks the catalogue of a database.
 * @param runner of the owner; what its transaction changed is seen
 * @returns a sentence for each thing that breaks the design's tenancy; none when all is well
 */
export const tenancyProblems = async (runner: QueryRunner): Promise<string[]> => {
  const problems: string[] = [];
  for (const { rule, query } of RULES) {
    const rows = (await runner.query(`with ${TABLES} ${query} order by what`)) as { what: string }[];
    problems.push(...rows.map(({ what }) => `${what}: ${rule}`));
  }
  return problems;
};
