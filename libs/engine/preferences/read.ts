import { type PreferencePoint, type Preferences, preferencesOf } from '#domain/preferences.js';
import type { Medium, PointKind } from '#domain/medium.js';
import { takesNoSms } from '#domain/phone-number.js';
import type { Scope } from '../scope.js';

/** Whose preferences a message's link is about: the person it went to. */
export interface Preferring {
  personId: string;
  customerId: string;
  customerExternalId: string;
  /** Their name, or that of the company. */
  who: string;
  /** Whether nobody else is written to for the customer: then the preferred medium is theirs to choose. */
  isAlone: boolean;
  points: (PreferencePoint & { id: string; kind: PointKind; normalised: string })[];
  preferences: Preferences;
}

interface Row extends Omit<Preferring, 'points' | 'preferences'> {
  preferred: Medium | null;
  locale: string;
  points: Preferring['points'] | null;
}

/** Of contact $2; addresses that are in use, with what was said of each and of all, oldest first. */
const READ = `
  select q.id as "personId", c.id as "customerId", c.external_id as "customerExternalId", coalesce(q.name, c.name) as who,
    c.preferred_medium as preferred, coalesce(q.locale, c.locale) as locale, not exists (
      select from contact_person o join contact_point u on u.organisation_id = o.organisation_id and u.person_id = o.id
      where o.organisation_id = $1 and o.customer_id = c.id and o.id <> q.id and u.status = 'active') as "isAlone",
    (select json_agg(json_build_object('id', t.id, 'kind', t.kind, 'normalised', t.normalised,
        'suppressions', coalesce((select json_agg(json_build_object('medium', s.medium, 'purpose', s.purpose, 'reason', s.reason))
          from suppression s where s.organisation_id = $1 and s.kind = t.kind and s.normalised = t.normalised
            and s.lifted_at is null), '[]'),
        'words', coalesce((select json_agg(json_build_object('medium', n.medium, 'purpose', n.purpose, 'state', n.state)
            order by n.point_id is not null, n.effective_at, n.id)
          from consent n where n.organisation_id = $1 and n.customer_id = c.id and (n.point_id = t.id or n.point_id is null)), '[]'))
        order by t.kind, t.position, t.normalised)
      from contact_point t where t.organisation_id = $1 and t.person_id = q.id and t.status = 'active') as points
  from contact k
  join contact_point p on p.organisation_id = k.organisation_id and p.id = k.point_id
  join contact_person q on q.organisation_id = p.organisation_id and q.id = p.person_id
  join customer c on c.organisation_id = q.organisation_id and c.id = q.customer_id
  where k.organisation_id = $1 and k.id = $2`;

/** @returns null when the person has no address in use any more */
export async function readPreferring(scope: Scope, contactId: string): Promise<Preferring | null> {
  const [row] = await scope.manager.query<Row[]>(READ, [scope.organisationId, contactId]);
  if (!row?.points) return null;
  const { preferred, locale, ...person } = row;
  const points = row.points.map((point) =>
    point.kind === 'phone' && takesNoSms(point.normalised) ? { ...point, noSms: true as const } : point,
  );
  return { ...person, points, preferences: preferencesOf(points, { preferred, locale }) };
}
