import type { CustomerInput, PersonInput } from '#contracts/schemas/customer.js';
import type { EntryRule } from '#domain/campaign/document.js';
import { zoneFor } from '#domain/country-zones.js';
import type {
  CustomerFacts,
  EnrolmentFacts,
  InvoiceFacts,
  PartFacts,
  PersonFacts,
  PointFacts,
} from '#domain/facts.js';
import type { Instant } from '#domain/instant.js';
import { addDays, startOfDay } from '#domain/local-time.js';
import { parseAmount } from '#domain/money.js';
import { e164, takesNoSms } from '#domain/phone-number.js';
import type { PointKind } from '#domain/medium.js';
import { normalisePoint } from '#engine/facts/normalise.js';
import type { ScenarioInvoice } from './scenario.js';

/** A customer's facts as the store would load them after an import; a point's id is its kind and address. */
function customerFacts(input: CustomerInput, organisationZone: string): CustomerFacts {
  return {
    externalId: input.externalId,
    kind: input.kind ?? 'company',
    country: input.country ?? null,
    region: input.region ?? null,
    ...zoneFor(input, organisationZone),
    preferred: input.preferredMedium ?? null,
    vip: input.vip ?? false,
    people: (input.people ?? [shortPerson(input)]).map((person, index) => personFacts(input, person, index)),
    exposures: {},
  };
}

/** All customers of a scenario, by external id, each with the people of the parent company. */
export function customersFacts(
  inputs: readonly CustomerInput[],
  organisationZone: string,
): Map<string, CustomerFacts> {
  const known = new Map(inputs.map((each) => [each.externalId, customerFacts(each, organisationZone)]));
  for (const { externalId, parentExternalId } of inputs) {
    const [customer, parent] = [known.get(externalId), known.get(parentExternalId ?? '')];
    if (customer && parent) customer.parent = parent.people;
  }
  return known;
}

const shortPerson = ({ email, phone, telegramChatId, telegramConsent }: CustomerInput): PersonInput => ({
  externalId: 'main',
  emails: email ? [email] : [],
  phones: phone ? [phone] : [],
  telegramChatIds: telegramChatId ? [telegramChatId] : [],
  telegramConsent,
});

function personFacts(customer: CustomerInput, person: PersonInput, index: number): PersonFacts {
  const points = (kind: PointKind, values: readonly string[] | undefined): PointFacts[] =>
    (values ?? []).map((value) => ({
      id: `${kind}:${normalisePoint(kind, value, customer.country)}`,
      kind,
      status: 'active',
    }));
  const phones = points('phone', person.phones).map((point, at): PointFacts =>
    takesNoSms(e164(person.phones?.[at] ?? '', customer.country) ?? '') ? { ...point, noSms: true } : point,
  );
  const chats = points('telegram', person.telegramChatIds).map((point): PointFacts =>
    person.telegramConsent ? { ...point, consents: { telegram: 'granted' } } : point,
  );
  return {
    id: `${customer.externalId}/${index}`,
    roles: person.roles ?? ['accounts_payable'],
    points: [...points('email', person.emails), ...phones, ...chats],
  };
}

/** An invoice's facts before anything happens to it. */
export function invoiceFacts({ input }: ScenarioInvoice): InvoiceFacts {
  const { externalId, currency, issuedOn, dueOn } = input;
  const parts = input.parts ?? [{ amount: input.total, dueOn }];
  return {
    externalId,
    currency,
    issuedOn,
    dueOn,
    status: 'open',
    parts: parts.map((part, index): PartFacts => ({
      sequence: index + 1,
      dueOn: part.dueOn ?? null,
      milestone: part.milestone ?? null,
      completedAt: null,
      amount: parseAmount(part.amount, currency),
      paid: 0,
      pending: 0,
    })),
  };
}

/** An enrolment's facts at the moment it begins; `customer` is shared by all enrolments of the customer. */
export const enrolmentFacts = (
  invoice: InvoiceFacts,
  customer: CustomerFacts,
  entry: EntryRule,
  enrolledAt: Instant,
): EnrolmentFacts => ({
  runNo: 1,
  enrolledAt,
  entry,
  stopped: false,
  paused: false,
  unapplied: false,
  stale: false,
  party: 'first',
  switchedOff: [],
  rulesDigest: '',
  statementDays: 1,
  customer,
  invoice,
  holds: [],
  resumptions: [],
  promises: [],
  plan: null,
  events: [],
  openTasks: [],
  approvals: [],
  requestedAnswers: [],
  // What goes to the outbox has arrived, so that nothing ever falls back.
  lastSent: null,
});

/** Counts money that came in towards the promises whose day has not ended. */
export function creditPromises({ promises, customer }: EnrolmentFacts, minor: number, now: Instant): void {
  for (const promise of promises)
    if (now < startOfDay(addDays(promise.promisedOn, 1), customer.zone)) promise.paid += minor;
}

/** Puts money on the parts, oldest first. @returns what is left of it */
export function allocate(parts: readonly PartFacts[], minor: number): number {
  let left = minor;
  for (const part of parts) {
    const share = Math.min(left, part.amount - part.paid);
    part.paid += share;
    left -= share;
  }
  return left;
}
