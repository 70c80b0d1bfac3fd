import { AMPLE, type ProviderSubject } from '#channels/channel.contract.js';
import type { Outcome } from '#channels/channel.js';
import { kindOf, meetingsOf, titled, type FaultTable } from '#channels/faults.contract.js';
import { aMessage, type Provider } from '#test/support/providers/index.js';

const TO = 'debtor@example.com';
const CC = [{ address: 'owner@example.com', name: 'Olga Öwner' }, { address: 'accounts@example.com' }];

/** How often the truth log has it for an address, whether copies travel with the message or by themselves. */
const copiesFor = ({ accepted }: Provider, address: string): number =>
  accepted.flatMap(({ to, cc = [] }) => [...to.split(','), ...cc]).filter((each) => each === address).length;

/** What every channel owes that sends e-mail by a provider: copies, whatever becomes of which is nobody's outcome. */
export function describeCopies(
  name: string,
  start: () => Promise<ProviderSubject>,
  faults: FaultTable,
): void {
  describe(`${name}, with copies`, () => {
    let subject: ProviderSubject;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(async () => {
      await subject.channel.close();
      await subject.stop();
    });
    const send = (timeoutMs = AMPLE): Promise<Outcome> =>
      subject.channel.send(aMessage('email', { to: { address: TO }, cc: CC }), timeoutMs);
    const counts = (): number[] => CC.map(({ address }) => copiesFor(subject.provider, address));

    it.each(titled(meetingsOf(faults)))('is called once when it meets %s', async (_, meeting) => {
      subject.provider.faults.next(meeting.fault);
      const outcome = await send(meeting.timeoutMs);
      const { accepted, received } = subject.provider;
      const alone = accepted.filter(({ to }) => to !== TO).length;
      expect(outcome.kind).toBe(kindOf(meeting));
      expect(received - alone).toBe(meeting.arrived);
      expect(copiesFor(subject.provider, TO)).toBe(meeting.taken);
      for (const count of counts()) expect(count).toBeLessThanOrEqual(meeting.taken);
    });

    it('gives everybody one', async () => {
      expect(await send()).toMatchObject({ kind: 'accepted' });
      expect([copiesFor(subject.provider, TO), ...counts()]).toEqual([1, 1, 1]);
    });
  });
}
