import { AMPLE, mediumOf, SHORT, type ProviderSubject } from '#channels/channel.contract.js';
import type { LookUp, Message } from '#channels/channel.js';
import { kindOf, meetingsOf, SECOND_CALL, titled, type FaultTable } from '#channels/faults.contract.js';
import { aMessage, type Fault } from '#test/support/providers/index.js';

/** A question that meets one fault. */
interface Question<F extends Fault = Fault> {
  fault: F;
  timeoutMs?: number;
  /** The answer is the provider's, or why there is none. */
  answer: 'clear' | { unclear: string };
}

const answered = (
  status: number,
  body: string,
  code = `http_${String(status)}`,
): Question<Fault & { kind: 'answer' }> => ({
  fault: { kind: 'answer', status, body },
  answer: { unclear: code },
});

/** Yes, but nothing that says which messages there are. */
const UNREADABLE = [
  ...['', '<html>', 'null', '7', '[]', '{}', '{"errors":[]}', '{"messages":', '{"messages":null}'],
  ...['{"messages":{}}', '{"messages":[null]}', '{"messages":[{}]}', '{"messages":[[]]}'],
];

/** A kind of fault that nobody has thought through does not compile. */
const QUESTIONS: { readonly [K in Fault['kind']]: readonly Question<Fault & { kind: K }>[] } = {
  accept: [{ fault: { kind: 'accept' }, answer: 'clear' }],
  accept_slowly: [
    { fault: { kind: 'accept_slowly', delayMs: 20 }, answer: 'clear' },
    {
      fault: { kind: 'accept_slowly', delayMs: 2 * AMPLE },
      timeoutMs: SHORT,
      answer: { unclear: 'timeout' },
    },
  ],
  accept_then_timeout: [
    { fault: { kind: 'accept_then_timeout' }, timeoutMs: SHORT, answer: { unclear: 'timeout' } },
  ],
  accept_then_reset: [{ fault: { kind: 'accept_then_reset' }, answer: { unclear: 'ECONNRESET' } }],
  accept_then_5xx: [{ fault: { kind: 'accept_then_5xx' }, answer: { unclear: 'http_503' } }],
  accept_then_half_answer: [
    { fault: { kind: 'accept_then_half_answer' }, answer: { unclear: 'ECONNRESET' } },
  ],
  throttle: [{ fault: { kind: 'throttle', retryAfter: '1' }, answer: { unclear: 'http_429' } }],
  reject: [400, 401, 403, 404, 500].map((status) => ({
    fault: { kind: 'reject', status },
    answer: { unclear: `http_${String(status)}` },
  })),
  reset: [{ fault: { kind: 'reset' }, answer: { unclear: 'ECONNRESET' } }],
  silence: [{ fault: { kind: 'silence' }, timeoutMs: SHORT, answer: { unclear: 'timeout' } }],
  answer: [
    ...[204, 302, 404, 408, 500, 502].map((status) => answered(status, '')),
    ...UNREADABLE.map((body) => answered(200, body, 'unreadable_answer')),
  ],
};

/** What every channel owes whose provider can be asked for a message that may have gone out. */
export function describeLookUp(
  name: string,
  start: () => Promise<ProviderSubject>,
  faults: FaultTable,
): void {
  describe(`${name}, asked for a message that may have gone out`, () => {
    let subject: ProviderSubject;
    let message: Message;
    beforeEach(async () => {
      subject = await start();
      message = aMessage(mediumOf(subject.channel));
    });
    afterEach(async () => {
      await subject.channel.close();
      await subject.stop();
    });
    const look = (timeoutMs = AMPLE): Promise<LookUp> | undefined =>
      subject.channel.lookUp?.(
        { contactId: message.contactId, to: message.to.address, text: message.text, sentAt: Date.now() },
        timeoutMs,
      );
    /** By the truth log. */
    const truth = (): LookUp => {
      const taken = subject.provider.accepted.find(({ text }) => text === message.text);
      return taken ? { kind: 'found', providerId: taken.id } : { kind: 'absent' };
    };
    const meet = async (fault: Fault, timeoutMs = AMPLE): Promise<void> => {
      subject.provider.faults.next(fault);
      await subject.channel.send(message, timeoutMs);
    };
    const lose = (): Promise<void> => meet({ kind: 'reset' });
    const take = (): Promise<void> => meet({ kind: 'accept_then_reset' });

    const open = meetingsOf(faults).filter((meeting) => SECOND_CALL[kindOf(meeting)] === 'wrong');
    it.each(titled(open))('finds it if, and only if, it was taken: after %s', async (_, meeting) => {
      await meet(meeting.fault, meeting.timeoutMs);
      expect(await look()).toEqual(truth());
      expect(truth().kind).toBe(meeting.taken ? 'found' : 'absent');
      expect(subject.provider.received).toBe(meeting.arrived);
    });

    const questions = Object.values(QUESTIONS)
      .flat()
      .map((question) => [JSON.stringify(question.fault), question] as const);
    it.each(questions)('knows what it does not know when it meets %s', async (_, question) => {
      const { fault, timeoutMs, answer } = question;
      for (const become of [lose, take]) {
        await become();
        subject.provider.lookUpFaults?.next(fault);
        expect(await look(timeoutMs)).toEqual(
          answer === 'clear' ? truth() : { kind: 'unclear', code: answer.unclear },
        );
      }
    });

    it.each(questions)('never misses what was taken when it meets %s later', async (_, question) => {
      await take();
      subject.provider.lookUpFaults?.next({ kind: 'accept' }, question.fault);
      expect((await look(question.timeoutMs))?.kind).toMatch(/^(found|unclear)$/);
    });

    it('cannot tell when the connection is refused, or no time is left', async () => {
      await take();
      expect(await look(0)).toMatchObject({ kind: 'unclear' });
      await subject.provider.refuse();
      expect(await look()).toEqual({ kind: 'unclear', code: 'ECONNREFUSED' });
      await subject.provider.restore();
    });

    it('keeps to its budget, however often it has to ask', async () => {
      for (let n = 0; n < 5; n += 1)
        await subject.channel.send(aMessage(mediumOf(subject.channel), { text: 'another' }), AMPLE);
      subject.provider.lookUpFaults?.decide(() => ({ kind: 'accept_slowly', delayMs: SHORT - 50 }));
      const began = performance.now();
      await look(SHORT);
      expect(performance.now() - began).toBeLessThan(SHORT + 500);
    });
  });
}
