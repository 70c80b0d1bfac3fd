import type { ConsentState, PersonFacts, PointFacts } from '#domain/facts.js';
import type { Medium } from '#domain/medium.js';
import { takesNoSms } from '#domain/phone-number.js';

export interface ConsentRow {
  /** Null: all addresses of the customer. */
  pointId: string | null;
  medium: Medium;
  state: ConsentState | 'pending';
}

type PointRow = PointFacts & { number: string | null };
export type PersonRow = Omit<PersonFacts, 'points'> & { points: PointRow[] };

/** People of a customer and what their addresses may not be used for, in order; `c` is a customer of the organisation. */
export const peopleOf = (
  customer: string,
): string => `(select json_agg(json_build_object('id', q.id, 'roles', q.roles, 'points', coalesce((
              select json_agg(json_build_object('id', t.id, 'kind', t.kind,
                       'number', case t.kind when 'phone' then t.normalised end, 'status',
                       case when s.wholly then 'suppressed' else t.status end, 'barred', s.barred)
                       order by t.position, t.normalised)
                from contact_point t cross join lateral (
                  select bool_or(s.medium is null and s.purpose is null) as wholly,
                    json_agg(json_build_object('medium', s.medium, 'purpose', s.purpose))
                      filter (where s.medium is not null or s.purpose is not null) as barred
                  from suppression s where s.organisation_id = t.organisation_id
                    and s.kind = t.kind and s.normalised = t.normalised and s.lifted_at is null) s
                where t.organisation_id = q.organisation_id and t.person_id = q.id), '[]'))
          order by q.position, q.external_id)
     from contact_person q where q.organisation_id = c.organisation_id and q.customer_id = ${customer})`;

/**
 * The last word of each medium about each address of a customer, and about all of them; and one that waits to be confirmed, where that
 * is newer. Nothing is taken away by one that waits.
 */
export const consentsOf = (customer: string): string => `(select json_agg(said) from (
     select distinct on (n.point_id, n.medium, n.state = 'pending') n.point_id as "pointId", n.medium, n.state from consent n
     where n.organisation_id = c.organisation_id and n.customer_id = ${customer} and n.purpose = 'messages'
       and (n.state <> 'pending' or not exists (select from consent l where l.organisation_id = n.organisation_id
         and l.customer_id = n.customer_id and (l.point_id = n.point_id or l.point_id is null) and l.medium = n.medium and l.purpose = n.purpose
         and (l.effective_at, l.id) > (n.effective_at, n.id)))
     order by n.point_id, n.medium, n.state = 'pending', n.effective_at desc, n.id desc) said)`;

/** What {@link peopleOf} and {@link consentsOf} read of one customer, as facts. */
export const toPeople = (
  people: readonly PersonRow[],
  consents: readonly ConsentRow[] | null,
): PersonFacts[] =>
  people.map((person) => ({
    ...person,
    points: person.points.map((point) => toPoint(point, consents ?? [])),
  }));

/** What is asked of its number is known by it; the facts name nobody's. */
const toPoint = ({ number, ...point }: PointRow, consents: readonly ConsentRow[]): PointFacts => ({
  ...point,
  ...saidAt(point.id, consents),
  ...(number !== null && takesNoSms(number) && { noSms: true }),
});

/** What was said of one address goes before what was said of all. */
function saidAt(
  pointId: string,
  consents: readonly ConsentRow[],
): Pick<PointFacts, 'consents' | 'unconfirmed'> {
  const own = consents.filter((each) => each.pointId === pointId);
  const all = [...consents.filter((each) => each.pointId === null), ...own];
  const said = all.filter(({ state }) => state !== 'pending');
  const waiting = own.filter(({ state }) => state === 'pending').map(({ medium }) => medium);
  return {
    ...(said.length > 0 && {
      consents: Object.fromEntries(said.map(({ medium, state }) => [medium, state])),
    }),
    ...(waiting.length > 0 && { unconfirmed: waiting }),
  };
}
