import fc from 'fast-check';
import type { WebhookReader, WebhookRequest } from './receipt.js';

export interface WebhookSubject {
  reader: WebhookReader;
  now: number;
  /** A call that the provider signed, of something that it may tell. */
  signed: () => WebhookRequest;
  /** The header that carries the signature, or the secret. */
  header: string;
  /** False where the provider shows a secret and signs nothing. */
  coversBody?: boolean;
}

/** What every reader of webhooks owes: it believes what its provider signed, and fails at nothing. */
export function describeWebhook(
  name: string,
  { reader, now, signed, header, coversBody = true }: WebhookSubject,
): void {
  const refused = { kind: 'refused', reason: 'signature' };
  const withHeader = (value: string | undefined): WebhookRequest => {
    const request = signed();
    return { ...request, headers: { ...request.headers, [header]: value } };
  };

  describe(`${name}, as any webhook`, () => {
    it('reads what its provider signed, and the same again', async () => {
      const reading = await reader.read(signed(), now);
      expect(reading).toMatchObject({ kind: 'read' });
      expect(await reader.read(signed(), now)).toEqual(reading);
    });

    it.each(['', undefined, 'forged', 'AAAA', '\0', 'é'.repeat(500)])(
      'refuses the signature %j',
      async (value) => {
        expect(await reader.read(withHeader(value), now)).toEqual(refused);
      },
    );

    const verb = coversBody ? 'refuses' : 'fails at no';
    it(`${verb} body of which a single bit is another`, async () => {
      const { length } = signed().body;
      await fc.assert(
        fc.asyncProperty(fc.nat(length - 1), fc.nat(7), async (at, bit) => {
          const request = signed();
          const body = Buffer.from(request.body);
          body[at] = (body[at] ?? 0) ^ (1 << bit);
          const reading = await reader.read({ ...request, body }, now);
          expect(reading).toEqual(coversBody ? refused : expect.anything());
        }),
      );
    });

    it('refuses whatever else comes, and fails at none of it', async () => {
      const anything = fc.record({
        url: fc.oneof(fc.string(), fc.webUrl()),
        headers: fc.dictionary(fc.constantFrom(header, 'content-type', 'x-other'), fc.string()),
        body: fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
      });
      await fc.assert(
        fc.asyncProperty(anything, async (request) => {
          expect(await reader.read(request, now)).toMatchObject({ kind: 'refused' });
        }),
      );
    });
  });
}
