import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { initialCursor } from '#domain/planning/cursor.js';
import * as store from '#store/entities/index.js';

type Values = Record<string, unknown>;
/** Inserts a row of the organisation and gives its id. */
type Insert = (entity: EntityTarget<ObjectLiteral>, values: Values) => Promise<string>;

const AT = new Date('2026-03-29T01:00:00Z');
const BYTES = Buffer.from('bytes');
const MONEY = { amountMinor: 12_345, currency: 'EUR' };

const inserting =
  (manager: EntityManager, organisationId: string): Insert =>
  async (entity, values) => {
    const { identifiers } = await manager.insert(entity, { organisationId, ...values });
    return String(identifiers[0]?.['id'] ?? '');
  };

/** Customer, contact point, invoice: what most of the rest hangs on. */
const people = async (insert: Insert) => {
  const accountManagerId = await insert(store.AccountManager, {
    externalId: 'm',
    name: 'M',
    email: 'm@example.com',
    phone: '1',
  });
  const customerId = await insert(store.Customer, {
    externalId: 'c',
    name: 'C',
    zone: 'Europe/Berlin',
    accountManagerId,
  });
  const personId = await insert(store.ContactPerson, { customerId, externalId: 'p' });
  const point = { kind: 'email', value: 'A@example.com', normalised: 'a@example.com' };
  const pointId = await insert(store.ContactPoint, { personId, ...point });
  await insert(store.Suppression, {
    kind: 'email',
    normalised: 'b@example.com',
    reason: 'bounce',
    effectiveAt: AT,
  });
  const consent = { medium: 'email', purpose: 'reminder', state: 'granted', evidence: {} };
  await insert(store.Consent, { customerId, pointId, ...consent, effectiveAt: AT });
  await insert(store.SendingRate, { provider: 'smtp', sender: 'a@example.com', nextAt: AT });
  await insert(store.SendingDay, { day: '2026-03-29', sent: 1 });
  await insert(store.Exposure, { customerId, experiment: 'x', arm: 'a', seed: 's', exposedAt: AT });
  return { customerId, pointId };
};

type Parties = Awaited<ReturnType<typeof people>>;

const money = async (insert: Insert, { customerId }: Parties) => {
  const file = { filename: 'f.pdf', contentType: 'application/pdf', content: BYTES, sha256: BYTES };
  const documentId = await insert(store.Document, file);
  const creditorId = await insert(store.Creditor, {
    externalId: 'k',
    name: 'K',
    phone: '1',
    email: 'k@example.com',
  });
  const amounts = { netMinor: 10_000, taxMinor: 2_345, totalMinor: 12_345, currency: 'EUR' };
  const dates = { issuedOn: '2026-03-01', dueOn: '2026-03-29', effectiveAt: AT };
  const parents = { creditorId, customerId, documentId };
  const invoiceId = await insert(store.Invoice, {
    externalId: 'i',
    number: '1',
    ...parents,
    ...amounts,
    ...dates,
  });
  const partId = await insert(store.InvoicePart, {
    invoiceId,
    sequence: 1,
    amountMinor: 12_345,
    dueOn: '2026-03-29',
  });
  await insert(store.InvoiceEvent, { invoiceId, kind: 'invoice_viewed', sequence: 1, effectiveAt: AT });
  const payment = { externalId: 'y', customerId, status: 'posted', ...MONEY, effectiveAt: AT };
  const paymentId = await insert(store.Payment, payment);
  await insert(store.CreditNote, { externalId: 'n', customerId, ...MONEY, effectiveAt: AT });
  await insert(store.Allocation, { paymentId, invoiceId, partId, amountMinor: 100, effectiveAt: AT });
  return { invoiceId };
};

const ladder = async (insert: Insert, { customerId }: Parties, invoiceId: string) => {
  const version = { key: 'k', locale: 'en', number: 1 };
  const templateVersionId = await insert(store.TemplateVersion, { ...version, source: {}, compiled: {} });
  const campaignId = await insert(store.Campaign, { externalId: 'g', name: 'G' });
  const versionId = await insert(store.CampaignVersion, { campaignId, number: 1, document: {} });
  const parents = { invoiceId, customerId, campaignId, versionId };
  const asked = { mode: 'now', requestedBy: 'tester', found: 1, effectiveAt: AT };
  await insert(store.CampaignMove, { campaignId, versionId, ...asked });
  const start = { entryRule: 'gentle', enrolledAt: AT, cursor: initialCursor() };
  const enrolmentId = await insert(store.Enrolment, { ...parents, ...start });
  return { templateVersionId, campaignId, enrolmentId };
};

interface Place extends Parties, Awaited<ReturnType<typeof ladder>> {
  invoiceId: string;
}

const outreach = async (
  insert: Insert,
  { pointId, templateVersionId, campaignId, ...ids }: Place,
): Promise<void> => {
  const message = {
    sendKey: 'k',
    medium: 'email',
    purpose: 'reminder',
    kind: 'reminder',
    sender: {},
    snapshot: {},
  };
  const progress = { state: 'attempting', provider: 'fake', factsVersion: 1, decidedAt: AT, leaseUntil: AT };
  const contactId = await insert(store.Contact, {
    ...ids,
    pointId,
    templateVersionId,
    ...message,
    ...progress,
  });
  const step = { campaignId, stepKey: 's', stepIndex: 0, runNo: 1, occurrence: 1, dueAt: AT };
  await insert(store.Attempt, {
    ...ids,
    ...step,
    contactId,
    decision: 'sent',
    factsVersion: 1,
    decidedAt: AT,
  });
  const answer = { kind: 'answer', templateKey: 't', medium: 'email', contactId, effectiveAt: AT };
  await insert(store.AnswerRequest, { ...ids, ...answer });
  const holdId = await insert(store.Hold, { customerId: ids.customerId, kind: 'dispute', effectiveAt: AT });
  await insert(store.Receipt, {
    contactId,
    provider: 'sendgrid',
    eventKey: 'e',
    kind: 'delivered',
    effectiveAt: AT,
  });
  const came = { kind: 'message', medium: 'email', sender: 'a@example.com', body: 'Yes.', effectiveAt: AT };
  await insert(store.InboundMessage, { provider: 'sendgrid', eventKey: 'm', ...came, contactId });
  const taskId = await insert(store.Task, { ...ids, kind: 'call', dueAt: AT });
  const owed = { customerId: ids.customerId, invoiceId: ids.invoiceId };
  const promised = { sequence: 1, ...MONEY, promisedOn: '2026-04-01', effectiveAt: AT };
  await insert(store.PromiseToPay, { ...owed, ...promised, holdId, taskId });
  const agreed = { number: 1, parts: JSON.stringify([]), graceDays: 3, missesAllowed: 1, effectiveAt: AT };
  await insert(store.InstalmentPlan, { ...owed, ...agreed });
  const discount = { code: 'X', amountOffMinor: 5, currency: 'EUR', validFrom: AT, expiresAt: AT };
  await insert(store.Offer, { ...owed, contactId, ...discount });
};

const machinery = async (insert: Insert, subjectId: string): Promise<void> => {
  await insert(store.ApiKey, { name: 'k', role: 'admin', hash: Buffer.from(subjectId), hint: 'k' });
  await insert(store.IdempotencyKey, {
    key: 'k',
    route: '/',
    bodyHash: BYTES,
    status: 200,
    response: { ok: true },
  });
  await insert(store.Segment, { externalId: 's', name: 'S', filter: { kinds: ['person'] } });
  await insert(store.EnrolmentRule, { externalId: 'r', name: 'R' });
  await insert(store.SourceSync, { source: 'erp', completeThrough: AT });
  await insert(store.Outbox, { workflowId: 'w', workflowType: 'invoiceCampaign', payload: {}, version: 1 });
  const endpointId = await insert(store.WebhookEndpoint, { url: 'https://example.com', secret: 's' });
  await insert(store.WebhookDelivery, {
    endpointId,
    subjectId,
    eventType: 'e',
    payload: {},
    effectiveAt: AT,
  });
  await insert(store.AuditEvent, { actor: 'a', action: 'b', subjectType: 'c', effectiveAt: AT });
};

/** At least one row in every table of the organisation, through the entities. */
export const fillEveryTable = async (manager: EntityManager, organisationId: string): Promise<Parties> => {
  const insert = inserting(manager, organisationId);
  const parties = await people(insert);
  const { invoiceId } = await money(insert, parties);
  const rungs = await ladder(insert, parties, invoiceId);
  await outreach(insert, { ...parties, ...rungs, invoiceId });
  await machinery(insert, invoiceId);
  return parties;
};
