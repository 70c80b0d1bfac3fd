import { aContact, anAccept, NOW } from './evidence.factory.js';
import type { Accept, ContactRow, Violation } from './evidence.js';
import { leasesHold } from './leases.js';
import { ledgerIsTrue } from './ledger.js';
import { matchAccepts } from './match.js';
import { atMostOnce } from './once.js';

const rules = (violations: readonly Violation[]): string[] => violations.map(({ rule }) => rule);
const again = (overrides: Partial<ContactRow> = {}): ContactRow =>
  aContact({ id: 'contact-2', sendKey: 'invoice-1/campaign/first/1/0/point-1/1', ...overrides });

describe('a message and its row of the ledger', () => {
  it('belong together by the name that the message carries', () => {
    const { accepts, orphans } = matchAccepts([anAccept()], [aContact(), again()]);
    expect([...accepts.keys()]).toEqual(['contact-1']);
    expect(orphans).toEqual([]);
  });

  const nameless = (overrides: Partial<Accept> = {}): Accept =>
    anAccept({ provider: 'telegram', contactId: undefined, ...overrides });
  const inChat = (overrides: Partial<ContactRow> = {}): ContactRow =>
    aContact({ provider: 'telegram', ...overrides });

  it('belong together by the provider’s name of it where it carries none, else by its words', () => {
    const first = inChat({ id: 'contact-1', providerId: null });
    const second = inChat({ id: 'contact-2', providerId: 'message-1' });
    const { accepts } = matchAccepts([nameless(), nameless({ id: 'message-2' })], [first, second]);
    expect(accepts.get('contact-2')).toMatchObject([{ id: 'message-1' }]);
    expect(accepts.get('contact-1')).toMatchObject([{ id: 'message-2' }]);
  });

  it('belong together by time where two rows have the same words', () => {
    const throttled = inChat({ id: 'contact-1', providerId: null, state: 'throttled', decidedAt: NOW });
    const released = inChat({ id: 'contact-2', providerId: null, decidedAt: NOW + 4_000 });
    const after = (ms: number) => [
      ...matchAccepts(
        [nameless({ id: 'message-9', receivedAt: NOW + ms })],
        [released, throttled],
      ).accepts.keys(),
    ];
    expect(after(4_010)).toEqual(['contact-2']);
    expect(after(10)).toEqual(['contact-1']);
  });

  it('are found twice when there are more messages of the same words than rows', () => {
    const { accepts } = matchAccepts([nameless(), nameless({ id: 'message-2' })], [inChat()]);
    expect(accepts.get('contact-1')).toHaveLength(2);
  });

  it('are missed where the words are nobody’s', () => {
    expect(
      matchAccepts([nameless({ id: 'message-9', text: 'Other words.' })], [inChat()]).orphans,
    ).toHaveLength(1);
  });
});

describe('nobody gets anything twice', () => {
  const judged = (accepts: Accept[], contacts: ContactRow[]) =>
    atMostOnce(matchAccepts(accepts, contacts), contacts);

  it('where each contact was taken once', () => {
    expect(judged([anAccept()], [aContact()])).toEqual({ violations: [], resent: [] });
  });

  it('but for one contact that was taken twice', () => {
    expect(rules(judged([anAccept(), anAccept({ id: 'message-2' })], [aContact()]).violations)).toEqual([
      'accepted_twice',
    ]);
  });

  it('but for two contacts of one step and address', () => {
    const accepts = [anAccept(), anAccept({ contactId: 'contact-2' })];
    const contacts = [aContact({ state: 'unknown' }), again()];
    expect(rules(judged(accepts, contacts).violations)).toEqual(['sent_twice']);
  });

  it('but not for what was released by policy, which is listed apart', () => {
    const accepts = [anAccept(), anAccept({ contactId: 'contact-2' })];
    const contacts = [aContact({ state: 'not_reached', resolution: 'released' }), again()];
    expect(judged(accepts, contacts)).toEqual({
      violations: [],
      resent: ['invoice-1/campaign/first/1/0/point-1'],
    });
  });

  it('and a try that failed for certain may be followed by another', () => {
    const contacts = [aContact({ state: 'throttled' }), again()];
    expect(judged([anAccept({ contactId: 'contact-2' })], contacts).violations).toEqual([]);
  });

  it('and another address or step is another message', () => {
    const accepts = [anAccept(), anAccept({ contactId: 'contact-2' })];
    const contacts = [aContact(), again({ sendKey: 'invoice-1/campaign/second/1/0/point-1/0' })];
    expect(judged(accepts, contacts).violations).toEqual([]);
  });
});

describe('the ledger is true', () => {
  const judged = (accepts: Accept[], contacts: ContactRow[]) =>
    rules(ledgerIsTrue(matchAccepts(accepts, contacts), contacts));

  it('where what was taken is accepted, or counts as sent', () => {
    expect(judged([anAccept()], [aContact()])).toEqual([]);
    expect(judged([anAccept()], [aContact({ state: 'unknown', resolution: 'treated_as_sent' })])).toEqual([]);
  });

  it('but not where something was taken that no row tells of', () => {
    expect(judged([anAccept({ contactId: 'contact-9' })], [])).toEqual(['accept_without_row']);
  });

  it.each(['rejected', 'not_reached', 'throttled', 'attempting'])(
    'but not where what was taken is %s',
    (state) => {
      expect(judged([anAccept()], [aContact({ state })])).toEqual(['state_disagrees']);
    },
  );

  it('but not where it says accepted of what nobody took', () => {
    expect(judged([], [aContact()])).toEqual(['accepted_without_accept']);
  });

  it('but not where nobody ever settled what became of a message', () => {
    expect(judged([], [aContact({ state: 'unknown' })])).toEqual(['unknown_left']);
  });
});

describe('leases hold', () => {
  const judged = (accept: Partial<Accept>, contact: Partial<ContactRow>) =>
    rules(
      leasesHold(matchAccepts([anAccept(accept)], [aContact(contact)]), [aContact(contact)], {
        now: NOW + 60_000,
        graceMs: 5_000,
      }),
    );

  it('where the call began within the lease', () => {
    expect(judged({ receivedAt: NOW + 19_999 }, {})).toEqual([]);
  });

  it('but not where it began after', () => {
    expect(judged({ receivedAt: NOW + 20_001 }, {})).toEqual(['call_after_lease']);
  });

  it('and nothing is attempted past lease and grace', () => {
    expect(judged({}, { state: 'attempting' })).toEqual(['attempting_past_lease']);
    expect(judged({}, { state: 'attempting', leaseUntil: NOW + 56_000 })).toEqual([]);
  });
});
