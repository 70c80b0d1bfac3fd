import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from '../row-level-security.js';

/** An address that is known by its hash alone; the key is the organisation's own. */
const hashed = (address: string): string =>
  `'sha256:' || encode(sha256(o.link_secret || convert_to(${address}, 'UTF8')), 'hex')`;

const ADDRESSES = `from public.contact_point t
          join public.contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
          where t.organisation_id = organisation and q.customer_id = customer`;

/** A suppression of an address that nobody else has. */
const ONLY_THEIRS = `(s.kind, s.normalised) in (select t.kind, t.normalised ${ADDRESSES})
        and not exists (
          select from public.contact_point t
          join public.contact_person q on q.organisation_id = t.organisation_id and q.id = t.person_id
          where t.organisation_id = organisation and t.kind = s.kind and t.normalised = s.normalised
            and q.customer_id <> customer)`;

/**
 * Everything about a person of one customer, taken out of the rows that stay for the books. The app role may rewrite neither
 * what was said nor what was done; it may have this done, to a customer of its own organisation.
 */
export const ERASE = `
  create function erase_customer(customer uuid) returns void language plpgsql security definer
    set search_path = pg_catalog, public as $$
  declare
    organisation uuid := nullif(current_setting('app.organisation', true), '')::uuid;
  begin
    perform from public.customer c where c.organisation_id = organisation and c.id = customer for update;
    if not found then raise exception 'there is no such customer'; end if;

    /* what they refused is kept, as a hash, unless others have the address */
    delete from public.suppression s using public.organisation o
      where o.id = organisation and s.organisation_id = organisation
        and (s.kind, s.normalised) in (select t.kind, ${hashed('t.normalised')} ${ADDRESSES});
    update public.suppression s set normalised = ${hashed('s.normalised')}, evidence = '{}'
      from public.organisation o
      where o.id = organisation and s.organisation_id = organisation and s.lifted_at is null and ${ONLY_THEIRS};
    delete from public.suppression s
      where s.organisation_id = organisation and s.lifted_at is not null and ${ONLY_THEIRS};

    update public.contact k set snapshot = jsonb_build_object('medium', k.medium, 'locale', k.snapshot -> 'locale',
        'from', k.snapshot -> 'from', 'to', jsonb_build_object('address', 'erased', 'name', 'erased'),
        'subject', '', 'text', '', 'html', '', 'headers', '{}'::jsonb, 'documentId', null)
      where k.organisation_id = organisation and k.customer_id = customer;
    update public.inbound_message m set sender = 'erased', sender_name = null, recipients = '{}', subject = null,
        body = '', headers = '{}', attachments = '[]'
      where m.organisation_id = organisation and m.customer_id = customer;
    update public.consent n set evidence = '{"erased": true}'
      where n.organisation_id = organisation and n.customer_id = customer;
    update public.hold h set reason = null, evidence = '{}'
      where h.organisation_id = organisation and h.customer_id = customer;
    update public.task k set brief = '{}', outcome_detail = case when k.outcome_detail is not null then '{}'::jsonb end,
        state = case when k.state = 'open' then 'cancelled' else k.state end
      where k.organisation_id = organisation and k.customer_id = customer;
    update public.answer_request w set facts = '{}', state = case w.state when 'waiting' then 'failed' else w.state end
      where w.organisation_id = organisation and w.customer_id = customer;
    update public.audit_event u set detail = u.detail - '{reason,note,evidence}'::text[]
      where u.organisation_id = organisation and u.subject_id in (
        select customer union all
        select h.id from public.hold h where h.organisation_id = organisation and h.customer_id = customer union all
        select k.id from public.task k where k.organisation_id = organisation and k.customer_id = customer union all
        select i.id from public.invoice i where i.organisation_id = organisation and i.customer_id = customer union all
        select e.id from public.enrolment e where e.organisation_id = organisation and e.customer_id = customer);
    delete from public.idempotency_key y where y.organisation_id = organisation
      and y.response::text like '%' || customer::text || '%';

    update public.contact_point t set value = 'erased', normalised = 'erased:' || t.id, status = 'retired', reason = 'erased'
      from public.contact_person q
      where q.organisation_id = organisation and q.customer_id = customer
        and t.organisation_id = organisation and t.person_id = q.id;
    update public.contact_person q set external_id = 'erased:' || q.id, name = null, given_name = null,
        family_name = null, patronymic = null, salutation = null, formality = null
      where q.organisation_id = organisation and q.customer_id = customer;
    update public.customer c set name = 'Erased', address = null, wishes = null, preferred_medium = null,
        erased_at = coalesce(c.erased_at, clock_timestamp())
      where c.organisation_id = organisation and c.id = customer;
  end $$`;

/** A person may ask to be forgotten; the books may not. */
export class Erasure1765500000000 implements MigrationInterface {
  readonly name = 'Erasure1765500000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `alter table customer add column erased_at timestamptz`,
      ERASE,
      `revoke all on function erase_customer(uuid) from public`,
      `grant execute on function erase_customer(uuid) to ${APP_ROLE}`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function erase_customer(uuid)`);
    await runner.query(`alter table customer drop column erased_at`);
  }
}
