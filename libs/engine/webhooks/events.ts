/** What a subscriber can hear of. Their names and data are public. */
export const WEBHOOK_EVENT_TYPES = [
  'invoice.settled',
  'invoice.reopened',
  'invoice.handed_over',
  'contact.attempted',
  'contact.settled',
  'contact.delivery',
  'task.created',
  'task.completed',
  'enrolment.ended',
  'enrolment.paused',
  'enrolment.resumed',
  'hold.placed',
  'hold.released',
  'plan.agreed',
  'plan.cancelled',
  'message.received',
  'organisation.ceiling_reached',
  'campaign.moved',
  'campaign.paused',
  'campaign.resumed',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

export interface WebhookEvent {
  type: WebhookEventType;
  /** The invoice; the customer where no single invoice is concerned, or the organisation itself. Its events reach an endpoint in order. */
  subjectId: string;
  /**
   * Ids, codes, dates and amounts; nothing about a person. The ids of invoice and customer, also those from outside,
   * are added.
   */
  data: Record<string, unknown>;
}
