import type { CampaignInput } from '#domain/campaign/document.js';
import { withOrganisation } from '#store/with-organisation.js';
import type { BenchStack } from './bench-stack.js';
import { enrolAll, seedRun, SLEEPING_CAMPAIGN, until } from './measure.js';

/** A message that somebody got, in an outreach that sleeps until next month. */
export interface Sent {
  contactId: string;
  invoiceId: string;
  address: string;
}

/** One message at once, and the next a month away. */
const campaignBy = (medium: 'email' | 'sms'): CampaignInput => ({
  ...SLEEPING_CAMPAIGN,
  name: 'One now',
  steps: [
    { key: 'now', at: { anchor: 'issue_date', offset: 'PT1S' }, send: [medium], template: 'overdue' },
    ...SLEEPING_CAMPAIGN.steps,
  ],
});

/** Numbers that are reserved for fiction, a hundred an area. */
const ADD_NUMBERS = `
  insert into contact_point (organisation_id, person_id, kind, value, normalised)
  select organisation_id, id, 'phone', number, number
  from (select organisation_id, id, row_number() over (order by id) as n from contact_person where organisation_id = $1) q,
    lateral (select '+1' || (201 + n / 100) || '55501' || lpad((n % 100)::text, 2, '0') as number) as of_theirs`;

const ASLEEP = `
  select o.id as "contactId", o.invoice_id as "invoiceId", p.normalised as address
  from contact o
  join contact_point p on p.organisation_id = o.organisation_id and p.id = o.point_id
  join enrolment e on e.organisation_id = o.organisation_id and e.id = o.enrolment_id
  where o.organisation_id = $1 and o.settled_at is not null
    and e.planned_version = e.facts_version and e.next_due_at > now() + interval '1 day'`;

/** So many debtors who got a message each, by a worker that runs; back when their workflows wait for the next one. */
export async function oneMessageEach(
  stack: BenchStack,
  count: number,
  medium: 'email' | 'sms',
): Promise<{ organisationId: string; sent: Sent[] }> {
  const { organisationId, versionId, ids } = await seedRun(stack, count, campaignBy(medium));
  await withOrganisation(stack.app, organisationId, (manager) =>
    manager.query(ADD_NUMBERS, [organisationId]),
  );
  await enrolAll(stack, organisationId, versionId, ids);
  let sent: Sent[] = [];
  const asleep = async (): Promise<number> => {
    sent = await stack.owner.query<Sent[]>(ASLEEP, [organisationId]);
    return sent.length;
  };
  await until(asleep, count, performance.now());
  return { organisationId, sent };
}
