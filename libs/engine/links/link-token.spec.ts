import fc from 'fast-check';
import { LINK_KINDS, type LinkKind, readLink, signLink } from './link-token.js';

const SECRET = Buffer.from('a secret of an organisation');
const kinds = fc.constantFrom(...(Object.keys(LINK_KINDS) as LinkKind[]));
const tokens = fc.record({ kind: kinds, organisationId: fc.uuid(), subjectId: fc.uuid() });

describe('a signed link', () => {
  it('says what it was signed for, in sixty characters that fit into a path', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const text = signLink(SECRET, token);
        expect(text).toMatch(/^[\w-]{60}$/);
        const read = readLink(text);
        expect(read).toMatchObject(token);
        expect(read?.isSignedBy(SECRET)).toBe(true);
      }),
    );
  });

  it('is not believed with any character changed, nor with another secret', () => {
    fc.assert(
      fc.property(tokens, fc.nat(59), fc.constantFrom(...'AZaz09_-utdcp'), (token, at, character) => {
        const text = signLink(SECRET, token);
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        fc.pre(changed !== text);
        expect(readLink(changed)?.isSignedBy(SECRET) ?? false).toBe(false);
        expect(readLink(text)?.isSignedBy(Buffer.from('another'))).toBe(false);
      }),
    );
  });

  it.each(['', 'u', 'x'.repeat(60), `u${'!'.repeat(59)}`, `u${'A'.repeat(60)}`])('is not %p', (text) => {
    expect(readLink(text)).toBeNull();
  });
});
