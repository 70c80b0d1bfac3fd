import type { CampaignDocument } from '#domain/campaign/document.js';
import type { CustomerFacts, EnrolmentFacts, PersonFacts, PointFacts } from '#domain/facts.js';
import type { Instant } from '#domain/instant.js';
import { localDateOf } from '#domain/local-time.js';
import { isMessageMedium, MESSAGE_MEDIA, type MessageMedium, POINT_OF } from '#domain/medium.js';
import { bindingPolicies, inForce } from './binding.js';
import type { ContactPolicy, Duty } from './policy.js';
import { PROFILES } from './profiles.js';

/** Of all policies, those with a duty of this kind: a plan asks for them again and again. */
const WITH: Record<'consent' | 'opt_out', readonly ContactPolicy[]> = {
  consent: PROFILES.filter(({ duties }) => duties?.some(({ kind }) => kind === 'consent')),
  opt_out: PROFILES.filter(({ duties }) => duties?.some(({ kind }) => kind === 'opt_out')),
};

/**
 * The facts as the policies that bind see them: where one asks for a consent, an address of which nothing was said may not be
 * written to by that medium.
 */
export function factsUnder(
  { policy }: Pick<CampaignDocument, 'policy'>,
  facts: EnrolmentFacts,
): EnrolmentFacts {
  // Of what there is before an invoice is due and what after makes no difference to a consent.
  const media = mediaOf('consent', policy, facts, 'after_due');
  return media.length === 0 ? facts : { ...facts, customer: askedFirst(facts.customer, media) };
}

/** Whether a message has to say how to get no more of them. @param now the organisation's clock */
export function owesOptOut(
  { policy }: Pick<CampaignDocument, 'policy'>,
  facts: EnrolmentFacts,
  medium: MessageMedium,
  now: Instant,
): boolean {
  return mediaOf('opt_out', policy, facts, stageOf(facts, now)).includes(medium);
}

/** @param now the organisation's clock */
export const stageOf = (
  { invoice, customer }: Pick<EnrolmentFacts, 'invoice' | 'customer'>,
  now: Instant,
): 'before_due' | 'after_due' =>
  localDateOf(now, customer.zone) > invoice.dueOn ? 'after_due' : 'before_due';

function mediaOf(
  kind: 'consent' | 'opt_out',
  named: CampaignDocument['policy'],
  { customer, party, switchedOff }: EnrolmentFacts,
  stage: 'before_due' | 'after_due',
): MessageMedium[] {
  if (named === 'none') return [];
  const { kind: who, country, region } = customer;
  const binding = bindingPolicies(WITH[kind], { customer: who, country, region, party, stage }, named);
  if (binding.length === 0) return [];
  const duties = inForce(binding, switchedOff).flatMap((each): readonly Duty[] => each.duties ?? []);
  return duties
    .filter((duty) => duty.kind === kind)
    .flatMap(({ media }) => media?.filter(isMessageMedium) ?? MESSAGE_MEDIA);
}

const askedFirst = (customer: CustomerFacts, media: readonly MessageMedium[]): CustomerFacts => ({
  ...customer,
  people: askingFirst(customer.people, media),
  ...(customer.parent && { parent: askingFirst(customer.parent, media) }),
});

const askingFirst = (people: readonly PersonFacts[], media: readonly MessageMedium[]): PersonFacts[] =>
  people.map((person) => ({
    ...person,
    points: person.points.map((point) => needing(point, media)),
  }));

function needing(point: PointFacts, media: readonly MessageMedium[]): PointFacts {
  const unsaid = media.filter((medium) => POINT_OF[medium] === point.kind && !point.consents?.[medium]);
  if (unsaid.length === 0) return point;
  const needed = Object.fromEntries(unsaid.map((medium) => [medium, 'needed' as const]));
  return { ...point, consents: { ...point.consents, ...needed } };
}
