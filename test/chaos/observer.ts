/**
 * Watches the database from inside: triggers that put on record, in the very transaction, under which version of a
 * customer's facts a contact was written and a fact that forbids contacts was recorded. Nothing of the product is asked.
 */
export const OBSERVER: readonly string[] = [
  'create schema chaos',
  `create table chaos.decision (
    contact_id uuid not null, customer_id uuid not null, invoice_id uuid not null, version int not null,
    at timestamptz not null default clock_timestamp())`,
  `create table chaos.fact (
    id bigint generated always as identity primary key, kind text not null, customer_id uuid not null, version int not null,
    subject uuid not null, detail jsonb not null default '{}', xid xid8 not null default pg_current_xact_id())`,
  `create function chaos.on_contact() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      insert into chaos.decision (contact_id, customer_id, invoice_id, version)
      select new.id, new.customer_id, new.invoice_id, c.facts_version from customer c
      where c.organisation_id = new.organisation_id and c.id = new.customer_id;
      return null;
    end $$`,
  `create function chaos.on_invoice() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      insert into chaos.fact (kind, customer_id, version, subject)
      select case new.status when 'open' then 'reopened' else 'closed' end, c.id, c.facts_version, new.id from customer c
      where c.organisation_id = new.organisation_id and c.id = new.customer_id
        and (old.status = 'open') <> (new.status = 'open');
      return null;
    end $$`,
  `create function chaos.on_hold() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      insert into chaos.fact (kind, customer_id, version, subject, detail)
      select case when new.released_at is null then 'held' else 'released' end, c.id, c.facts_version, new.id,
        jsonb_build_object('invoiceId', new.invoice_id, 'until', (extract(epoch from new.expires_at) * 1000)::bigint)
      from customer c where c.organisation_id = new.organisation_id and c.id = new.customer_id;
      return null;
    end $$`,
  `create function chaos.on_suppression() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      insert into chaos.fact (kind, customer_id, version, subject, detail)
      select distinct on (c.id) case when new.lifted_at is null then 'suppressed' else 'lifted' end, c.id, c.facts_version,
        new.id, jsonb_build_object('pointKind', new.kind, 'normalised', new.normalised, 'medium', new.medium,
          'purpose', new.purpose)
      from contact_point t
      join contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
      join customer c on c.organisation_id = q.organisation_id and c.id = q.customer_id
      where t.organisation_id = new.organisation_id and t.kind = new.kind and t.normalised = new.normalised;
      return null;
    end $$`,
  'create trigger chaos_contact after insert on contact for each row execute function chaos.on_contact()',
  'create trigger chaos_invoice after update of status on invoice for each row execute function chaos.on_invoice()',
  'create trigger chaos_hold after insert or update of released_at on hold for each row execute function chaos.on_hold()',
  `create trigger chaos_suppression after insert or update of lifted_at on suppression
    for each row execute function chaos.on_suppression()`,
  'alter table chaos.decision enable row level security',
  'alter table chaos.fact enable row level security',
];

/** What the server has to remember for it: when each transaction was committed. */
export const OBSERVER_SETTINGS = { track_commit_timestamp: 'on' } as const;
