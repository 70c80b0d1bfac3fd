import type { WebhookReader } from './receipt.js';
import { createSendgridWebhook, type SendgridWebhookConfig } from './sendgrid/sendgrid-webhook.js';
import { createTelegramWebhook, type TelegramWebhookConfig } from './telegram/telegram-webhook.js';
import { createTwilioWebhook, type TwilioWebhookConfig } from './twilio/twilio-webhook.js';

/** The providers whose webhooks an installation can believe. */
export interface WebhooksConfig {
  sendgrid?: SendgridWebhookConfig;
  twilio?: TwilioWebhookConfig;
  telegram?: TelegramWebhookConfig;
}

/** @throws Error naming the provider whose configuration is wrong */
export const createWebhooks = ({ sendgrid, twilio, telegram }: WebhooksConfig): WebhookReader[] => [
  ...(sendgrid ? [createSendgridWebhook(sendgrid)] : []),
  ...(twilio ? [createTwilioWebhook(twilio)] : []),
  ...(telegram ? [createTelegramWebhook(telegram)] : []),
];
