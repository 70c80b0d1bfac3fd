import {
  type Provider,
  ReceiptSender,
  SENDGRID_KEY,
  SENDGRID_WEBHOOK_KEY,
  startSendgrid,
  startSmtp,
  startTelegram,
  startTwilio,
  TELEGRAM_TOKEN,
  TWILIO_ACCOUNT,
  TWILIO_TOKEN,
} from '#test/support/providers/index.js';
import type { Accept } from './checks/evidence.js';
import { TELEGRAM_SECRET } from './debtors.js';
import { SeededFaults } from './faults.js';
import type { Sender } from './plan.js';

/** Every provider, on loopback, with its faults, its truth and what it tells afterwards. */
export class Senders {
  private constructor(
    readonly providers: Record<Sender, Provider>,
    readonly faults: SeededFaults,
    readonly receipts: ReceiptSender,
  ) {}

  static async start(seed: number, publicUrl: string, apiUrl: string, slow = 0): Promise<Senders> {
    const [sendgrid, smtp, twilio, telegram] = await Promise.all([
      startSendgrid(),
      startSmtp(),
      startTwilio(),
      startTelegram(),
    ]);
    const providers = { sendgrid, smtp, twilio, telegram };
    const faults = new SeededFaults(seed, slow);
    const receipts = new ReceiptSender({ seed, publicUrl, apiUrl });
    for (const provider of Object.values(providers)) {
      faults.plague(provider);
      receipts.watch(provider);
    }
    return new Senders(providers, faults, receipts);
  }

  /** What leads Kindly here. `by`: which provider e-mail goes by. */
  environment(publicUrl: string, by: 'sendgrid' | 'smtp'): Record<string, string> {
    const { sendgrid, smtp, twilio, telegram } = this.providers;
    return {
      SENDGRID_WEBHOOK_KEY,
      ...(by === 'sendgrid' ? { SENDGRID_API_KEY: SENDGRID_KEY, SENDGRID_BASE_URL: sendgrid.url } : {}),
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT,
      TWILIO_AUTH_TOKEN: TWILIO_TOKEN,
      TWILIO_BASE_URL: twilio.url,
      TWILIO_STATUS_CALLBACK_URL: `${publicUrl}/webhooks/twilio`,
      TELEGRAM_BOT_TOKEN: TELEGRAM_TOKEN,
      TELEGRAM_WEBHOOK_SECRET: TELEGRAM_SECRET,
      TELEGRAM_BASE_URL: telegram.url,
    };
  }

  /** Everything that was taken. */
  accepts(): Accept[] {
    return Object.values(this.providers).flatMap(({ accepted }) =>
      accepted.map(({ provider, id, contactId, to, text, receivedAt }) => ({
        provider,
        id,
        contactId,
        to,
        text,
        receivedAt,
      })),
    );
  }

  async stop(): Promise<void> {
    await this.receipts.close();
    await Promise.all(Object.values(this.providers).map((provider) => provider.stop()));
  }
}
