import { Organisation } from './organisation.entity.js';
import { ApiKey } from './api-key.entity.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { Document } from './document.entity.js';
import { Creditor } from './creditor.entity.js';
import { AccountManager } from './account-manager.entity.js';
import { Customer } from './customer.entity.js';
import { ContactPerson } from './contact-person.entity.js';
import { ContactPoint } from './contact-point.entity.js';
import { Suppression } from './suppression.entity.js';
import { Consent } from './consent.entity.js';
import { Invoice } from './invoice.entity.js';
import { InvoicePart } from './invoice-part.entity.js';
import { InvoiceEvent } from './invoice-event.entity.js';
import { Payment } from './payment.entity.js';
import { CreditNote } from './credit-note.entity.js';
import { Allocation } from './allocation.entity.js';
import { SourceSync } from './source-sync.entity.js';
import { TemplateVersion } from './template-version.entity.js';
import { Campaign } from './campaign.entity.js';
import { CampaignMove } from './campaign-move.entity.js';
import { CampaignVersion } from './campaign-version.entity.js';
import { EnrolmentRule } from './enrolment-rule.entity.js';
import { Segment } from './segment.entity.js';
import { Enrolment } from './enrolment.entity.js';
import { Hold } from './hold.entity.js';
import { Attempt } from './attempt.entity.js';
import { Contact } from './contact.entity.js';
import { Receipt } from './receipt.entity.js';
import { InboundMessage } from './inbound-message.entity.js';
import { Task } from './task.entity.js';
import { InstalmentPlan } from './instalment-plan.entity.js';
import { PromiseToPay } from './promise.entity.js';
import { AnswerRequest } from './answer-request.entity.js';
import { Offer } from './offer.entity.js';
import { Exposure } from './exposure.entity.js';
import { Outbox } from './outbox.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { SendingRate } from './sending-rate.entity.js';
import { SendingDay } from './sending-day.entity.js';
import { ProviderBreaker } from './provider-breaker.entity.js';
import { Mailbox } from './mailbox.entity.js';
import { InstallationStop } from './installation-stop.entity.js';

export {
  Organisation,
  ApiKey,
  IdempotencyKey,
  Document,
  Creditor,
  AccountManager,
  Customer,
  ContactPerson,
  ContactPoint,
  Suppression,
  Consent,
  Invoice,
  InvoicePart,
  InvoiceEvent,
  Payment,
  CreditNote,
  Allocation,
  SourceSync,
  TemplateVersion,
  Campaign,
  CampaignMove,
  CampaignVersion,
  Segment,
  EnrolmentRule,
  Enrolment,
  Hold,
  Attempt,
  Contact,
  Receipt,
  InboundMessage,
  Task,
  PromiseToPay,
  InstalmentPlan,
  AnswerRequest,
  Offer,
  Exposure,
  Outbox,
  WebhookEndpoint,
  WebhookDelivery,
  AuditEvent,
  SendingRate,
  SendingDay,
  InstallationStop,
  ProviderBreaker,
  Mailbox,
};

/** Every table of tenants. */
export const entities = [
  Organisation,
  ApiKey,
  IdempotencyKey,
  Document,
  Creditor,
  AccountManager,
  Customer,
  ContactPerson,
  ContactPoint,
  Suppression,
  Consent,
  Invoice,
  InvoicePart,
  InvoiceEvent,
  Payment,
  CreditNote,
  Allocation,
  SourceSync,
  TemplateVersion,
  Campaign,
  CampaignMove,
  CampaignVersion,
  Segment,
  EnrolmentRule,
  Enrolment,
  Hold,
  Attempt,
  Contact,
  Receipt,
  InboundMessage,
  Task,
  PromiseToPay,
  InstalmentPlan,
  AnswerRequest,
  Offer,
  Exposure,
  Outbox,
  WebhookEndpoint,
  WebhookDelivery,
  AuditEvent,
  SendingRate,
  SendingDay,
];

/** Tables of the installation as a whole, without row-level security: they say nothing of a tenant. */
export const installationEntities = [InstallationStop, ProviderBreaker, Mailbox];
