import type { WebhookReader } from './receipt.js';
import { createSendgridWebhook, type SendgridWebhookConfig } from './sendgrid/sendgrid-webhook.js';
import { createTwilioWebhook, type TwilioWebhookConfig } from './twilio/twilio-webhook.js';

/** The providers whose webhooks an installation can believe. */
export interface WebhooksConfig {
  sendgrid?: SendgridWebhookConfig;
  twilio?: TwilioWebhookConfig;
}

/** @throws Error naming the provider whose configuration is wrong */
export const createWebhooks = ({ sendgrid, twilio }: WebhooksConfig): WebhookReader[] => [
  ...(sendgrid ? [createSendgridWebhook(sendgrid)] : []),
  ...(twilio ? [createTwilioWebhook(twilio)] : []),
];
