import type { Instant } from '#domain/instant.js';
import type { Medium } from '#domain/medium.js';

/** Names that API, worker and recorded histories share. Renaming one strands running workflows. */
export const INVOICE_CAMPAIGN = 'invoiceCampaign';
export const WEBHOOK_DELIVERY = 'webhookDelivery';
export const CONTACT_RECONCILIATION = 'contactReconciliation';
export const FACTS_CHANGED = 'factsChanged';
export const STATUS = 'status';

/** Workflows, planning, tasks. */
export const ENGINE_QUEUE = 'kindly-engine';
export const WEBHOOK_QUEUE = 'kindly-webhooks';
/** Its rate is limited: what an outage left behind drains steadily. */
export const RECONCILE_QUEUE = 'kindly-reconcile';

/**
 * The longest one step may take, in milliseconds: more than lease and grace of a contact, so that a retry after a crash
 * finds the matter settled.
 */
export const STEP_TIMEOUT_MS = 35_000;

/** One task queue a class of channel, so that a slow or limited provider delays only its own messages. */
export const QUEUE_OF: Record<Medium, string> = {
  email: 'kindly-email',
  sms: 'kindly-sms',
  telegram: 'kindly-social',
  call: ENGINE_QUEUE,
};

export const SEND_QUEUES: readonly string[] = [...new Set(Object.values(QUEUE_OF))].filter(
  (q) => q !== ENGINE_QUEUE,
);

/** The workflow of an invoice; one at most runs. */
export const invoiceWorkflowId = (organisationId: string, invoiceId: string): string =>
  `invoice/${organisationId}/${invoiceId}`;

/** Delivers the events of one subject to one endpoint, in order. */
export const webhookWorkflowId = (organisationId: string, endpointId: string, subjectId: string): string =>
  `webhook/${organisationId}/${endpointId}/${subjectId}`;

/** Finds out what became of a message that may have gone out. */
export const reconcileWorkflowId = (organisationId: string, contactId: string): string =>
  `reconcile/${organisationId}/${contactId}`;

/**
 * What the workflow does next. `version` is the facts version it was planned from.
 * `until` null: it waits for facts alone, as workflows of test organisations always do.
 */
export type WorkflowPlan =
  | { kind: 'act'; queue: string; version: number }
  | { kind: 'wait'; until: Instant | null; queue: string; version: number }
  | { kind: 'finished'; version: number };

export interface InvoiceCampaignInput {
  organisationId: string;
  invoiceId: string;
  /** Made in the transaction that enrolled; absent when facts changed before the start. */
  plan?: WorkflowPlan;
}

export interface WebhookDeliveryInput {
  organisationId: string;
  endpointId: string;
  subjectId: string;
}

export interface ContactRef {
  organisationId: string;
  contactId: string;
}

export interface ContactReconciliationInput extends ContactRef {
  /** Waits before each look, in milliseconds, where the installation has its own; `LOOKS_MS` unless given. */
  looksMs?: readonly number[];
}

export interface EnrolmentRef {
  organisationId: string;
  invoiceId: string;
}

/** Ids and instants only: everything here becomes workflow history. */
export interface EngineActivities {
  /** Local activity. @param now the workflow's clock, which may run a little ahead of the database's */
  planEnrolment(ref: EnrolmentRef, now: Instant): Promise<WorkflowPlan>;
  /** Decides and carries out the step that is due, and says what comes next. */
  executeStep(ref: EnrolmentRef, now: Instant): Promise<WorkflowPlan>;
}

export interface WebhookActivities {
  /** Delivers the oldest waiting event; throws to be retried. */
  deliverNext(input: WebhookDeliveryInput): Promise<'delivered' | 'empty'>;
}

export interface ReconcileActivities {
  /**
   * Looks whether it is known what became of a message.
   *
   * @param isLast nobody looks again: the channel's policy decides
   */
  reconcile(ref: ContactRef, isLast: boolean): Promise<'settled' | 'open'>;
}
