import { isDeepStrictEqual } from 'node:util';
import type { Audience, EnrolmentRuleInput, Refused, UpsertResult } from '#contracts/schemas/index.js';
import { localDateOf } from '#domain/local-time.js';
import { audit } from '../facts/audit.js';
import { isRefused, refused } from '../facts/refusal.js';
import { AGAIN, inRounds } from '../facts/rounds.js';
import type { Scope } from '../scope.js';

/** A rule as stored, with every field. */
type RuleState = { [K in keyof EnrolmentRuleInput]-?: Exclude<EnrolmentRuleInput[K], undefined> };
type StoredRule = RuleState & { id: string };

const DEFAULTS: Omit<RuleState, 'externalId' | 'name' | 'campaign'> = {
  priority: 100,
  audience: {},
  except: null,
  minimumBalance: [],
  entry: null,
  overduePerDay: null,
  onlyAtNight: false,
  state: 'paused',
};

/**
 * Creates or updates rules by their external ids. What an input leaves out stays as it is. Nothing is enrolled by that: the next
 * invoice is, or the next night.
 *
 * @returns one result an input, in their order
 */
export const upsertRules = (scope: Scope, inputs: readonly EnrolmentRuleInput[]): Promise<UpsertResult[]> =>
  inRounds(
    inputs,
    (input) => input.externalId,
    async (round) => {
      const results: (UpsertResult | typeof AGAIN)[] = [];
      for (const input of round) results.push(await upsertOne(scope, input));
      return results;
    },
  );

async function upsertOne(scope: Scope, input: EnrolmentRuleInput): Promise<UpsertResult | typeof AGAIN> {
  const { externalId } = input;
  const stored = await read(scope, externalId);
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const next: RuleState = {
    ...DEFAULTS,
    ...stored?.rule,
    ...(Object.fromEntries(given) as EnrolmentRuleInput),
  };
  const campaign = await campaignOf(scope, next);
  if (isRefused(campaign)) return campaign;
  const refusal = await unknownSegment(scope, next);
  if (refusal) return refusal;
  if (!stored) {
    const id = await insert(scope, next, campaign.id);
    if (id === null) return AGAIN;
    await afterWriting(scope, next, { action: 'enrolment_rule.created', id });
    return { id, externalId, result: 'created' };
  }
  const { id } = stored;
  if (isDeepStrictEqual(next, stored.rule)) return { id, externalId, result: 'unchanged' };
  await change(scope, next, campaign.id);
  await afterWriting(scope, next, { action: 'enrolment_rule.updated', id, from: stored.rule });
  return { id, externalId, result: 'updated' };
}

async function read(scope: Scope, externalId: string): Promise<{ id: string; rule: RuleState } | null> {
  const [row] = await scope.manager.query<StoredRule[]>(
    `select r.id, r.external_id as "externalId", r.name, (select g.external_id from campaign g
         where g.organisation_id = r.organisation_id and g.id = r.campaign_id) as campaign, r.priority, r.audience,
       r.exception as "except", r.minimum_balance as "minimumBalance", r.entry, r.overdue_per_day as "overduePerDay",
       r.only_at_night as "onlyAtNight", r.state
     from enrolment_rule r where r.organisation_id = $1 and r.external_id = $2 for no key update of r`,
    [scope.organisationId, externalId],
  );
  if (!row) return null;
  const { id, ...rule } = row;
  return { id, rule };
}

/** The campaign it enrols in: one that is there, and can take somebody by the time the rule is active. */
async function campaignOf(
  scope: Scope,
  { externalId, campaign, state }: RuleState,
): Promise<{ id: string | null } | Refused> {
  if (campaign === null) return { id: null };
  const [row] = await scope.manager.query<{ id: string; published: boolean }[]>(
    `select g.id, exists (select from campaign_version v where v.organisation_id = g.organisation_id
        and v.campaign_id = g.id and v.state = 'published') as published
     from campaign g where g.organisation_id = $1 and g.external_id = $2`,
    [scope.organisationId, campaign],
  );
  if (!row)
    return refused(
      externalId,
      'unknown_campaign',
      'campaign',
      'is no campaign; create it first, or correct the id',
    );
  if (state === 'active' && !row.published) {
    const message = 'has no published version; publish one before the rule becomes active';
    return refused(externalId, 'wrong_state', 'campaign', message);
  }
  return { id: row.id };
}

/** Segments that it names stay there: they are locked against being deleted meanwhile. */
async function unknownSegment(
  scope: Scope,
  { externalId, audience, except }: RuleState,
): Promise<Refused | null> {
  const named = (given: Audience | null, path: string): [string, string][] =>
    (given?.segments ?? []).map((segment, at) => [`${path}.segments[${at}]`, segment]);
  const all = [...named(audience, 'audience'), ...named(except, 'except')];
  if (all.length === 0) return null;
  const rows = await scope.manager.query<{ external_id: string }[]>(
    `select external_id from segment where organisation_id = $1 and external_id = any ($2::text[])
     order by external_id for key share`,
    [scope.organisationId, all.map(([, segment]) => segment)],
  );
  const known = new Set(rows.map((row) => row.external_id));
  const unknown = all.find(([, segment]) => !known.has(segment));
  return unknown
    ? refused(externalId, 'unknown_segment', unknown[0], `is no segment; create ${unknown[1]} first`)
    : null;
}

const values = (scope: Scope, rule: RuleState, campaignId: string | null): unknown[] => [
  scope.organisationId,
  rule.externalId,
  rule.name,
  campaignId,
  rule.priority,
  JSON.stringify(rule.audience),
  rule.except === null ? null : JSON.stringify(rule.except),
  JSON.stringify(rule.minimumBalance),
  rule.entry,
  rule.overduePerDay,
  rule.onlyAtNight,
  rule.state,
];

/** @returns its id; null when another transaction created it meanwhile */
async function insert(scope: Scope, rule: RuleState, campaignId: string | null): Promise<string | null> {
  const [row] = await scope.manager.query<{ id: string }[]>(
    `insert into enrolment_rule (organisation_id, external_id, name, campaign_id, priority, audience, exception,
       minimum_balance, entry, overdue_per_day, only_at_night, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (organisation_id, external_id) do nothing returning id`,
    values(scope, rule, campaignId),
  );
  return row?.id ?? null;
}

async function change(scope: Scope, rule: RuleState, campaignId: string | null): Promise<void> {
  await scope.manager.query(
    `update enrolment_rule set name = $3, campaign_id = $4, priority = $5, audience = $6, exception = $7,
       minimum_balance = $8, entry = $9, overdue_per_day = $10, only_at_night = $11, state = $12
     where organisation_id = $1 and external_id = $2`,
    values(scope, rule, campaignId),
  );
}

/** What is on record of it; the first night is the next one, not the one that has passed. */
async function afterWriting(
  scope: Scope,
  { state }: RuleState,
  { action, id, from }: { action: string; id: string; from?: RuleState },
): Promise<void> {
  await audit(scope, [
    { action, subjectType: 'enrolment_rule', subjectId: id, detail: { state, ...(from && { from }) } },
  ]);
  if (state !== 'active') return;
  const [organisation] = await scope.manager.query<{ zone: string }[]>(
    'select zone from organisation where id = $1',
    [scope.organisationId],
  );
  await scope.manager.query(
    'update organisation set night_done_on = coalesce(night_done_on, $2) where id = $1',
    [scope.organisationId, localDateOf(scope.now, organisation?.zone ?? 'UTC')],
  );
}
