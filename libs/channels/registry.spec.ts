import { MESSAGE_MEDIA } from '#domain/medium.js';
import { FakeChannel } from '#channels/fake/fake.channel.js';
import { ChannelRegistry, createChannels, type ChannelsConfig, unconfiguredMedia } from './registry.js';

const EVERYTHING: ChannelsConfig = {
  sendgrid: { apiKey: 'SG.x' },
  smtp: { host: 'localhost', port: 25 },
  twilio: { accountSid: `AC${'0'.repeat(32)}`, authToken: 'x' },
  telegram: { botToken: '1:x' },
  outboxDirectory: null,
};

describe('the registry of channels', () => {
  it('sends for a live organisation by the first channel of a medium', () => {
    const registry = new ChannelRegistry(createChannels(EVERYTHING));
    const providers = MESSAGE_MEDIA.map((medium) => registry.forOrganisation('live', medium).provider);
    expect(providers).toEqual(['sendgrid', 'twilio', 'telegram']);
  });

  it.each<[string, ChannelsConfig]>([
    ['nothing', { outboxDirectory: null }],
    ['everything', EVERYTHING],
  ])('keeps a test organisation inside, with %s configured', (_what, config) => {
    const registry = new ChannelRegistry(createChannels(config));
    const channels = MESSAGE_MEDIA.map((medium) => registry.forOrganisation('test', medium));
    expect(channels.map(({ provider, external }) => ({ provider, external }))).toEqual(
      MESSAGE_MEDIA.map(() => ({ provider: 'outbox', external: false })),
    );
  });

  it('keeps inside an organisation whose kind it does not know', () => {
    const registry = new ChannelRegistry(createChannels(EVERYTHING));
    expect(registry.forOrganisation('demo' as 'test', 'email').external).toBe(false);
  });

  it('sends by the outbox what no provider is configured for', () => {
    const registry = new ChannelRegistry(
      createChannels({ smtp: { host: 'localhost', port: 25 }, outboxDirectory: null }),
    );
    expect(registry.forOrganisation('live', 'email').provider).toBe('smtp');
    expect(registry.forOrganisation('live', 'sms').provider).toBe('outbox');
  });

  it.each<[string, ChannelsConfig]>([
    ['nothing', { outboxDirectory: null }],
    ['SMTP alone', { smtp: EVERYTHING.smtp, outboxDirectory: null }],
    ['SendGrid alone', { sendgrid: EVERYTHING.sendgrid, outboxDirectory: null }],
    ['Twilio alone', { twilio: EVERYTHING.twilio, outboxDirectory: null }],
    ['Telegram alone', { telegram: EVERYTHING.telegram, outboxDirectory: null }],
    ['everything', EVERYTHING],
  ])(
    'knows which media would stay in the outbox of a live organisation, with %s configured',
    (_what, config) => {
      const registry = new ChannelRegistry(createChannels(config));
      const kept = MESSAGE_MEDIA.filter((medium) => !registry.forOrganisation('live', medium).external);
      expect(unconfiguredMedia(config)).toEqual(kept);
    },
  );

  it('takes any other channel of the array, without knowing its vendor', () => {
    const outbox = createChannels({ outboxDirectory: null });
    const letters = new FakeChannel({ provider: 'pigeon', media: ['sms'], external: true });
    const registry = new ChannelRegistry([letters, ...outbox]);
    expect(registry.forOrganisation('live', 'sms')).toBe(letters);
    expect(registry.forOrganisation('test', 'sms').provider).toBe('outbox');
  });

  it('is not built without a channel that stays inside', () => {
    const external = new FakeChannel({ external: true });
    expect(() => new ChannelRegistry([external])).toThrow(/register the outbox/);
  });

  it('closes every channel', async () => {
    const fakes = [new FakeChannel(), new FakeChannel()];
    await new ChannelRegistry(fakes).close();
    expect(fakes.map(({ closed }) => closed)).toEqual([true, true]);
  });
});
