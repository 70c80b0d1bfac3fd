import type { Accept, ContactRow, Decision, EnrolmentRow, ReceiptRow } from './evidence.js';

export const NOW = 1_800_000_000_000;

export const aContact = (overrides: Partial<ContactRow> = {}): ContactRow => ({
  id: 'contact-1',
  customerId: 'customer-1',
  invoiceId: 'invoice-1',
  sendKey: 'invoice-1/campaign/first/1/0/point-1/0',
  kind: 'reminder',
  medium: 'email',
  purpose: 'reminder',
  provider: 'sendgrid',
  providerId: 'message-1',
  state: 'accepted',
  resolution: null,
  delivery: null,
  deliveredAt: null,
  decidedAt: NOW,
  leaseUntil: NOW + 20_000,
  pointKind: 'email',
  normalised: 'debtor@example.com',
  to: 'debtor@example.com',
  text: 'Invoice 1 is due.',
  ...overrides,
});

export const anAccept = (overrides: Partial<Accept> = {}): Accept => ({
  provider: 'sendgrid',
  id: 'message-1',
  contactId: 'contact-1',
  to: 'debtor@example.com',
  text: 'Invoice 1 is due.',
  receivedAt: NOW,
  ...overrides,
});

export const aDecision = (overrides: Partial<Decision> = {}): Decision => ({
  contactId: 'contact-1',
  customerId: 'customer-1',
  invoiceId: 'invoice-1',
  version: 5,
  at: NOW,
  ...overrides,
});

export const aReceipt = (overrides: Partial<ReceiptRow> = {}): ReceiptRow => ({
  provider: 'sendgrid',
  eventKey: 'event-1',
  contactId: 'contact-1',
  kind: 'delivered',
  byMachine: false,
  at: NOW,
  isApplied: true,
  ...overrides,
});

export const anEnrolment = (overrides: Partial<EnrolmentRow> = {}): EnrolmentRow => ({
  id: 'enrolment-1',
  invoiceId: 'invoice-1',
  state: 'open',
  plannedVersion: 3,
  factsVersion: 3,
  nextDueAt: NOW + 7 * 86_400_000,
  workflow: 'RUNNING',
  replanned: { kind: 'wait', until: NOW + 7 * 86_400_000 },
  decided: ['first', 'second'],
  ...overrides,
});
