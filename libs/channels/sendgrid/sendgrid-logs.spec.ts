import { randomUUID } from 'node:crypto';
import type { Channel } from '#channels/channel.js';
import { AMPLE, SHORT } from '#channels/channel.contract.js';
import { aMessage, SENDGRID_KEY, startSendgrid } from '#test/support/providers/index.js';
import type { HttpProvider } from '#test/support/providers/http-provider.js';
import { createSendgridChannel } from './sendgrid.channel.js';

let provider: HttpProvider;
let channel: Channel;
beforeEach(async () => {
  provider = await startSendgrid();
  channel = createSendgridChannel({ apiKey: SENDGRID_KEY, baseUrl: provider.url });
});
afterEach(() => provider.stop());

const message = aMessage('email');
const sent = (overrides: { to?: string; contactId?: string; sentAt?: number } = {}) => ({
  contactId: message.contactId,
  to: message.to.address,
  text: message.text,
  sentAt: Date.now(),
  ...overrides,
});

describe('looking for a message at SendGrid', () => {
  const look = (overrides?: Parameters<typeof sent>[0]) => channel.lookUp?.(sent(overrides), AMPLE);

  it('does not take another message for it, though it says the same to the same address', async () => {
    await channel.send(message, AMPLE);
    expect(await look({ contactId: randomUUID() })).toEqual({ kind: 'absent' });
    expect(await look({ to: 'other@example.com' })).toEqual({ kind: 'absent' });
    expect(await look({ sentAt: Date.now() + 3_600_000 })).toEqual({ kind: 'absent' });
  });

  it('does not say that it is absent where it is one of many', async () => {
    for (let n = 0; n < 6; n += 1) await channel.send({ ...message, contactId: randomUUID() }, AMPLE);
    expect(await look()).toEqual({ kind: 'unclear', code: 'too_many' });
  });

  it('cannot tell where the key may not read the logs, or nobody answers', async () => {
    const other = createSendgridChannel({ apiKey: 'SG.sending-only', baseUrl: provider.url });
    expect(await other.lookUp?.(sent(), AMPLE)).toEqual({ kind: 'unclear', code: 'http_403' });
    await provider.refuse();
    expect(await channel.lookUp?.(sent(), SHORT)).toEqual({ kind: 'unclear', code: 'ECONNREFUSED' });
    await provider.restore();
  });

  it('asks nothing that would be read as a query', async () => {
    expect(await look({ to: 'x" OR "@example.com' })).toEqual({ kind: 'unclear', code: 'invalid_address' });
  });
});

describe('polling SendGrid for a message', () => {
  const poll = async (to: string, providerId?: string) => {
    await channel.send(aMessage('email', { to: { address: to } }), AMPLE);
    const id = providerId ?? provider.accepted.at(-1)?.id ?? '';
    return channel.poll?.({ ...sent({ to }), providerId: id }, AMPLE);
  };

  it.each([
    ['anna@example.com', 'delivered', { kind: 'delivered', addressIsBad: false, code: null }],
    ['unknown@example.com', 'bounced', { kind: 'bounced', addressIsBad: true, code: 'smtp_5.1.1' }],
    ['full@example.com', 'deferred', { kind: 'deferred', addressIsBad: false, code: 'smtp_4.2.2' }],
  ])('learns what became of one to %s', async (to, status, receipt) => {
    expect(await poll(to)).toEqual({ kind: 'told', status, receipt });
  });

  it('learns nothing of one that SendGrid does not know', async () => {
    expect(await poll('anna@example.com', 'another')).toEqual({ kind: 'nothing' });
  });
});
