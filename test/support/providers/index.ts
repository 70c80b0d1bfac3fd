export { IMAP_PASSWORD, IMAP_USER, ImapServer } from './imap-server.js';
export { aMessage } from './message.js';
export type {
  AcceptedMessage,
  Fault,
  Provider,
  ReceivedMessage,
  SmtpStage,
  WrittenMessage,
} from './provider.js';
export { FaultPlan } from './provider.js';
export { ReceiptSender, type Told } from './receipt-sender.js';
export { startRaw, startUntrusted } from './raw-server.js';
export { SENDGRID_KEY, startSendgrid } from './sendgrid-provider.js';
export { SMTP_PASSWORD, SMTP_USER, startSmtp, type SmtpProviderOptions } from './smtp-provider.js';
export { startTelegram, TELEGRAM_TOKEN } from './telegram-provider.js';
export { startTwilio, TWILIO_ACCOUNT, TWILIO_TOKEN } from './twilio-provider.js';
export {
  formOf,
  SENDGRID_WEBHOOK_KEY,
  sendgridInbound,
  sendgridWebhook,
  telegramWebhook,
  twilioJsonWebhook,
  twilioWebhook,
} from './webhooks.js';
