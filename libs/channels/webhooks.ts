import type { WebhookReader } from './receipt.js';
import { createSendgridInbound, type SendgridInboundConfig } from './sendgrid/sendgrid-inbound.js';
import { createSendgridWebhook, type SendgridWebhookConfig } from './sendgrid/sendgrid-webhook.js';
import { createTelegramWebhook, type TelegramWebhookConfig } from './telegram/telegram-webhook.js';
import { createTwilioWebhook, type TwilioWebhookConfig } from './twilio/twilio-webhook.js';

/** The providers whose webhooks an installation can believe. */
export interface WebhooksConfig {
  sendgrid?: SendgridWebhookConfig;
  sendgridInbound?: SendgridInboundConfig;
  twilio?: TwilioWebhookConfig;
  telegram?: TelegramWebhookConfig;
}

/** @throws Error naming the provider whose configuration is wrong */
export const createWebhooks = ({
  sendgrid,
  sendgridInbound,
  twilio,
  telegram,
}: WebhooksConfig): WebhookReader[] => [
  ...(sendgrid ? [createSendgridWebhook(sendgrid)] : []),
  ...(sendgridInbound ? [createSendgridInbound(sendgridInbound)] : []),
  ...(twilio ? [createTwilioWebhook(twilio)] : []),
  ...(telegram ? [createTelegramWebhook(telegram)] : []),
];
