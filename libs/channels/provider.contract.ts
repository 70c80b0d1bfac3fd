import { AMPLE, mediumOf, SHORT, UNICODE, type ProviderSubject } from '#channels/channel.contract.js';
import type { Outcome } from '#channels/channel.js';
import {
  kindOf,
  meetingsOf,
  SECOND_CALL,
  titled,
  type FaultTable,
  type Meeting,
} from '#channels/faults.contract.js';
import { describeLookUp } from '#channels/look-up.contract.js';
import { aMessage, type Fault } from '#test/support/providers/index.js';

export interface ProviderTraits {
  faults: FaultTable;
  /** Whether it can be asked for a message that may have gone out. */
  canBeAsked: boolean;
}

/** What every channel owes that calls a provider: the truth about what it knows, whatever the provider does. */
export function describeProviderChannel(
  name: string,
  start: () => Promise<ProviderSubject>,
  { faults, canBeAsked }: ProviderTraits,
): void {
  describe(`${name}, whatever its provider does`, () => {
    let subject: ProviderSubject;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(async () => {
      await subject.channel.close();
      await subject.stop();
    });
    const meet = (fault: Fault, timeoutMs = AMPLE): Promise<Outcome> => {
      subject.provider.faults.next(fault);
      return subject.channel.send(aMessage(mediumOf(subject.channel)), timeoutMs);
    };

    it('meets every kind of fault, and comes to every kind of outcome', () => {
      expect(Object.values(faults)).not.toContainEqual([]);
      const kinds = new Set(meetingsOf(faults).map(kindOf));
      expect([...kinds].sort()).toEqual(Object.keys(SECOND_CALL).sort());
    });

    it.each(titled(meetingsOf(faults)))('tells the truth of a message that meets %s', async (_, meeting) => {
      const outcome = await meet(meeting.fault, meeting.timeoutMs);
      const { accepted, received } = subject.provider;
      expect(outcome).toEqual(expectedOf(meeting, accepted[0]?.id));
      expect({ taken: accepted.length, arrived: received }).toEqual({
        taken: meeting.taken,
        arrived: meeting.arrived,
      });
    });

    const refused = meetingsOf(faults).filter((meeting) => SECOND_CALL[kindOf(meeting)] !== 'wrong');
    it.each(titled(refused))('may be called again after %s, and has sent one message', async (_, meeting) => {
      await meet(meeting.fault, meeting.timeoutMs);
      expect(await meet({ kind: 'accept' })).toMatchObject({ kind: 'accepted' });
      expect(subject.provider.accepted).toHaveLength(1);
    });

    it('has not reached a provider that refuses the connection', async () => {
      await subject.provider.refuse();
      expect(await meet({ kind: 'accept' })).toEqual({ kind: 'not_reached', code: 'ECONNREFUSED' });
      await subject.provider.restore();
    });

    it('has not reached a provider when no time is left', async () => {
      expect(await meet({ kind: 'accept' }, 0)).toMatchObject({ kind: 'not_reached' });
      expect(subject.provider.accepted).toHaveLength(0);
    });

    it('keeps to its budget', async () => {
      const began = performance.now();
      await meet({ kind: 'silence' }, SHORT);
      expect(performance.now() - began).toBeLessThan(SHORT + 500);
    });

    it('keeps messages sent at the same time apart', async () => {
      const messages = [1, 2, 3, 4, 5].map((n) =>
        aMessage(mediumOf(subject.channel), { text: `Invoice ${String(n)}` }),
      );
      const outcomes = await Promise.all(messages.map((message) => subject.channel.send(message, AMPLE)));
      expect(new Set(outcomes.map((outcome) => 'providerId' in outcome && outcome.providerId)).size).toBe(5);
      expect(subject.provider.accepted.map(({ text }) => text).sort()).toEqual(
        messages.map(({ text }) => text),
      );
    });

    it('keeps nothing of what a provider quotes', async () => {
      const message = aMessage(mediumOf(subject.channel));
      const quoted = message.to.address.replace('+', '');
      subject.provider.faults.next(
        { kind: 'reject', status: 500, text: quoted },
        { kind: 'reject', status: 400, text: quoted },
      );
      for (const sent of [message, message]) {
        const outcome = await subject.channel.send(sent, AMPLE);
        expect(JSON.stringify(outcome)).not.toContain(quoted);
        expect('code' in outcome && outcome.code).toMatch(/^[A-Za-z0-9_.]+$/);
      }
    });

    it('delivers text in any script unchanged', async () => {
      await subject.channel.send(aMessage(mediumOf(subject.channel), { text: UNICODE }), AMPLE);
      expect(subject.provider.accepted[0]?.text).toBe(UNICODE);
    });

    it(`can${canBeAsked ? '' : 'not'} be asked for a message that may have gone out`, () => {
      expect(subject.channel.lookUp !== undefined).toBe(canBeAsked);
    });

    it('tells the doctor what to do when the provider cannot be reached', async () => {
      await subject.provider.refuse();
      await expect(subject.channel.check()).resolves.toMatchObject({
        ok: false,
        remedy: expect.stringMatching(/./) as string,
      });
      await subject.provider.restore();
    });
  });

  if (canBeAsked) describeLookUp(name, start, faults);
}

const expectedOf = ({ outcome }: Meeting, providerId: string | undefined): unknown =>
  outcome === 'accepted' ? { kind: 'accepted', providerId } : outcome;
