import type { Type } from '@nestjs/common';
import { AllocationsModule } from './allocations/allocations.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { CampaignsModule } from './campaigns/campaigns.module.js';
import { ClockModule } from './clock/clock.module.js';
import { ConsentsModule } from './consents/consents.module.js';
import { ContactPoliciesModule } from './contact-policies/contact-policies.module.js';
import { ConversationsModule } from './conversations/conversations.module.js';
import { CreditNotesModule } from './credit-notes/credit-notes.module.js';
import { CreditorsModule } from './creditors/creditors.module.js';
import { CustomersModule } from './customers/customers.module.js';
import { EnrolmentRulesModule } from './enrolment-rules/enrolment-rules.module.js';
import { EnrolmentsModule } from './enrolments/enrolments.module.js';
import { EventsModule } from './events/events.module.js';
import { HealthModule } from './health/health.module.js';
import { HoldsModule } from './holds/holds.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { InstallationModule } from './installation/installation.module.js';
import { InvoicesModule } from './invoices/invoices.module.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { OrganisationsModule } from './organisations/organisations.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { ProviderWebhooksModule } from './provider-webhooks/provider-webhooks.module.js';
import { PublicLinksModule } from './public-links/public-links.module.js';
import { SegmentsModule } from './segments/segments.module.js';
import { SourceSyncsModule } from './source-syncs/source-syncs.module.js';
import { SuppressionsModule } from './suppressions/suppressions.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { TemplatesModule } from './templates/templates.module.js';
import { TimelineModule } from './timeline/timeline.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The features of the API: one folder, one module each. */
export const FEATURES: Type[] = [
  HealthModule,
  OrganisationsModule,
  InstallationModule,
  ApiKeysModule,
  AllocationsModule,
  CreditNotesModule,
  CreditorsModule,
  CustomersModule,
  EventsModule,
  HoldsModule,
  ImportsModule,
  InvoicesModule,
  PaymentsModule,
  ProviderWebhooksModule,
  PublicLinksModule,
  SegmentsModule,
  SourceSyncsModule,
  SuppressionsModule,
  CampaignsModule,
  ClockModule,
  ConsentsModule,
  ContactPoliciesModule,
  ConversationsModule,
  EnrolmentRulesModule,
  EnrolmentsModule,
  LedgerModule,
  TasksModule,
  TemplatesModule,
  TimelineModule,
  WebhooksModule,
];
