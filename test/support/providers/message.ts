import type { Message } from '#channels/channel.js';
import type { MessageMedium } from '#domain/medium.js';

const ADDRESSES: Record<MessageMedium, { to: string; from: string }> = {
  email: { to: 'debtor@example.com', from: 'billing@creditor.example' },
  sms: { to: '+15005550006', from: '+15005550001' },
  telegram: { to: '4200001', from: 'kindly_test_bot' },
};

let contacts = 0;

/** A message one could send; every one has a contact of its own. Addresses are of reserved domains and number ranges. */
export function aMessage(medium: MessageMedium, overrides: Partial<Message> = {}): Message {
  const { to, from } = ADDRESSES[medium];
  return {
    contactId: `contact-${String(++contacts)}`,
    organisationId: 'organisation-1',
    medium,
    to: { address: to, name: 'Dana Debtor' },
    from: { address: from, name: 'Creditor Ltd' },
    text: 'Invoice 4711 over 100.00 EUR is due tomorrow: https://pay.example/i/4711',
    locale: 'en',
    ...(medium === 'email' && {
      subject: 'Invoice 4711',
      html: '<p>Invoice 4711 is due <b>tomorrow</b>.</p>',
    }),
    ...overrides,
  };
}
