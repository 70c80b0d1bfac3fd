import type { MessageMedium } from '#domain/medium.js';

/** The variables that give a medium a provider, in the words of a remedy. */
export const SETTINGS_OF: Readonly<Record<MessageMedium, string>> = {
  email: 'SENDGRID_API_KEY or SMTP_HOST',
  sms: 'TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN',
  telegram: 'TELEGRAM_BOT_TOKEN',
};

/** A medium, as a sentence names it. */
export const NAME_OF: Readonly<Record<MessageMedium, string>> = {
  email: 'e-mail',
  sms: 'SMS',
  telegram: 'Telegram',
};
