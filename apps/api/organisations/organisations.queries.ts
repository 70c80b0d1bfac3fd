import type {
  OrganisationResource,
  OrganisationUpdate,
  StopResource,
  SwitchedOff,
} from '#contracts/schemas/index.js';
import { DEFAULT_REPLY_PAUSE } from '#domain/conversation.js';
import type { OwnRules } from '#domain/policy/own-rules.js';
import { staleBooks } from '#engine/facts/source-syncs.js';
import type { Scope } from '#engine/scope.js';
import { readStops, type Stop, tellOfRelease } from '#engine/stop/index.js';
import { audit } from '../common/audit.js';
import { instantText, instantTextOrNull } from '../common/instant-text.js';
import { Problem } from '../common/problem.js';

interface OrganisationRow {
  id: string;
  external_id: string | null;
  name: string;
  kind: 'live' | 'test';
  zone: string;
  clock_now: Date | null;
  reply_pause: string | null;
  daily_ceiling: number | null;
  house_rules: OwnRules | null;
  switched_off: SwitchedOff | null;
  statement_days: number | null;
  books_may_lag: string | null;
  double_opt_in: OrganisationResource['doubleOptIn'] | null;
  books_are_stale: boolean;
  recorded_at: Date;
}

export const stopView = ({ at, ...stop }: Stop): StopResource => ({ ...stop, at: instantText(at) });

const view = (row: OrganisationRow, stops: readonly Stop[]): OrganisationResource => ({
  id: row.id,
  externalId: row.external_id,
  name: row.name,
  kind: row.kind,
  zone: row.zone,
  clockNow: instantTextOrNull(row.clock_now),
  replyPause: row.reply_pause ?? DEFAULT_REPLY_PAUSE,
  dailyCeiling: row.daily_ceiling,
  houseRules: row.house_rules ?? [],
  switchedOff: row.switched_off ?? [],
  statementDays: row.statement_days ?? 1,
  booksMayLag: row.books_may_lag,
  doubleOptIn: row.double_opt_in ?? [],
  booksAreStale: row.books_are_stale,
  recordedAt: instantText(row.recorded_at),
  stops: stops.map(stopView),
});

/** The organisation of the key. */
export const currentOrganisation = async (scope: Scope): Promise<OrganisationResource> => {
  const [row] = await scope.manager.query<OrganisationRow[]>(
    `select id, external_id, name, kind, zone, clock_now, settings ->> 'replyPause' as reply_pause,
       settings -> 'houseRules' as house_rules, settings -> 'switchedOff' as switched_off,
       (settings ->> 'statementDays')::int as statement_days,
       settings -> 'doubleOptIn' as double_opt_in,
       settings ->> 'booksMayLag' as books_may_lag, ${staleBooks('$2::timestamptz')} as books_are_stale, daily_ceiling, recorded_at
     from organisation where id = $1`,
    [scope.organisationId, new Date(scope.now)],
  );
  if (!row) throw new Error('The organisation of this scope is gone.');
  return view(row, await readStops(scope));
};

/** As `:id`, `current`, its uuid or `ext:` and its external id; any other is not there. @throws {Problem} */
export const organisationBy = async (scope: Scope, reference: string): Promise<OrganisationResource> => {
  const organisation = await currentOrganisation(scope);
  const names = ['current', organisation.id, `ext:${organisation.externalId ?? ''}`];
  if (names.includes(reference)) return organisation;
  throw new Problem('not-found', `There is no organisation ${reference}.`, {
    remedy: 'Write current, or the id of the organisation that the key belongs to.',
  });
};

/** A new zone is for customers that come later: those who are there keep theirs. */
export const updateOrganisation = async (
  scope: Scope,
  reference: string,
  {
    name,
    zone,
    replyPause,
    dailyCeiling,
    houseRules,
    switchedOff,
    statementDays,
    booksMayLag,
    doubleOptIn,
  }: OrganisationUpdate,
): Promise<OrganisationResource> => {
  const { id } = await organisationBy(scope, reference);
  await scope.manager.query(
    `update organisation set name = coalesce($2, name), zone = coalesce($3, zone),
       daily_ceiling = case when $5 then $6::int else daily_ceiling end,
       rules_changed_at = case when $7::jsonb <> coalesce(settings -> 'houseRules', '[]')
           or jsonb_path_query_array($10, '$[*].rule') <> jsonb_path_query_array(settings, '$.switchedOff[*].rule')
         then clock_timestamp() else rules_changed_at end,
       settings = (case when $8 and $9::text is null then settings - 'booksMayLag' else settings end)
         || jsonb_strip_nulls(jsonb_build_object('replyPause', $4::text, 'houseRules', $7::jsonb, 'booksMayLag', $9::text,
           'switchedOff', $10::jsonb, 'doubleOptIn', $11::jsonb, 'statementDays', $12::int))
     where id = $1`,
    [
      id,
      name ?? null,
      zone ?? null,
      replyPause ?? null,
      dailyCeiling !== undefined,
      dailyCeiling ?? null,
      houseRules === undefined ? null : JSON.stringify(houseRules),
      booksMayLag !== undefined,
      booksMayLag ?? null,
      switchedOff === undefined ? null : JSON.stringify(switchedOff),
      doubleOptIn === undefined ? null : JSON.stringify([...new Set(doubleOptIn)]),
      statementDays ?? null,
    ],
  );
  if (booksMayLag !== undefined || houseRules || switchedOff) await tellOfRelease(scope);
  await audit(scope, {
    action: 'organisation.updated',
    subjectType: 'organisation',
    subjectId: id,
    detail: { zone, replyPause, dailyCeiling, houseRules, switchedOff, statementDays, booksMayLag },
  });
  return currentOrganisation(scope);
};
