import { MESSAGE_MEDIA, type MessageMedium } from '#domain/medium.js';
import type { Channel } from '#channels/channel.js';
import { createOutboxChannel } from '#channels/outbox/outbox.channel.js';
import { createSendgridChannel, type SendgridConfig } from '#channels/sendgrid/sendgrid.channel.js';
import { createSmtpChannel, type SmtpConfig } from '#channels/smtp/smtp.channel.js';
import { createTelegramChannel, type TelegramConfig } from '#channels/telegram/telegram.channel.js';
import { createTwilioChannel, type TwilioConfig } from '#channels/twilio/twilio.channel.js';

/** The providers an installation has accounts with. None is needed: what none of them sends goes to the outbox. */
export interface ChannelsConfig {
  sendgrid?: SendgridConfig;
  smtp?: SmtpConfig;
  twilio?: TwilioConfig;
  telegram?: TelegramConfig;
  /** The outbox's folder; null keeps messages in the ledger only. */
  outboxDirectory: string | null;
}

type Account = Exclude<keyof ChannelsConfig, 'outboxDirectory'>;

interface Provider {
  account: Account;
  media: readonly MessageMedium[];
  create: (config: ChannelsConfig) => Channel | undefined;
}

const provider = <A extends Account>(
  account: A,
  media: readonly MessageMedium[],
  create: (config: NonNullable<ChannelsConfig[A]>) => Channel,
): Provider => ({
  account,
  media,
  create: ({ [account]: given }) => (given ? create(given) : undefined),
});

/** In order of preference: the first of a medium that is configured sends. A new vendor is a line here. */
const PROVIDERS: readonly Provider[] = [
  provider('sendgrid', ['email'], createSendgridChannel),
  provider('smtp', ['email'], createSmtpChannel),
  provider('twilio', ['sms'], createTwilioChannel),
  provider('telegram', ['telegram'], createTelegramChannel),
];

/** The channels of a configuration, the outbox last. @throws Error naming the provider whose configuration is wrong. */
export function createChannels(config: ChannelsConfig): Channel[] {
  const accounts = PROVIDERS.map(({ create }) => create(config)).filter((channel) => channel !== undefined);
  return [...accounts, createOutboxChannel({ directory: config.outboxDirectory })];
}

/** Media that no provider of a configuration carries: by them a live organisation writes to the outbox, and reaches nobody. */
export const unconfiguredMedia = (config: ChannelsConfig): MessageMedium[] =>
  MESSAGE_MEDIA.filter(
    (medium) => !PROVIDERS.some(({ account, media }) => config[account] && media.includes(medium)),
  );

/** Which channel sends for whom. */
export class ChannelRegistry {
  /**
   * @param channels in order of preference
   * @throws Error when some medium has no channel that stays inside: a test organisation would have nowhere to send.
   */
  constructor(readonly channels: readonly Channel[]) {
    for (const medium of MESSAGE_MEDIA) this.inside(medium);
  }

  /**
   * A live organisation gets the first channel of the medium. A test organisation gets the first that stays inside this
   * installation, whatever is configured: nothing it does may reach a real person.
   */
  forOrganisation(kind: 'live' | 'test', medium: MessageMedium): Channel {
    if (kind !== 'live') return this.inside(medium);
    return this.channels.find((channel) => channel.media.includes(medium)) ?? this.inside(medium);
  }

  /** Who may send for an organisation, in order of preference: more than one only where all of them leave the installation. */
  candidates(kind: 'live' | 'test', medium: MessageMedium): readonly Channel[] {
    const first = this.forOrganisation(kind, medium);
    if (!first.external) return [first];
    return this.channels.filter((channel) => channel.external && channel.media.includes(medium));
  }

  /** The channel that a contact was written for; the one that would send now where that is not configured any more. */
  ofContact(kind: 'live' | 'test', medium: MessageMedium, provider: string): Channel {
    const own = this.candidates(kind, medium).find((channel) => channel.provider === provider);
    return own ?? this.forOrganisation(kind, medium);
  }

  async close(): Promise<void> {
    await Promise.all(this.channels.map((channel) => channel.close()));
  }

  private inside(medium: MessageMedium): Channel {
    const channel = this.channels.find(
      (candidate) => !candidate.external && candidate.media.includes(medium),
    );
    if (!channel)
      throw new Error(`no channel keeps ${medium} inside this installation: register the outbox, last`);
    return channel;
  }
}
