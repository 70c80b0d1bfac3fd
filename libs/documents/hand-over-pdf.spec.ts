import { inflateSync } from 'node:zlib';
import type { HandOverPack } from '#contracts/schemas/index.js';
import { handOverPdf } from './hand-over-pdf.js';
import { packOf } from './hand-over-pack.factory.js';

const pagesOf = (pdf: Buffer): number => (pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g) ?? []).length;

/** Everything that the file says of itself and of its characters, its streams inflated. */
const insideOf = (pdf: Buffer): string =>
  [...pdf.toString('latin1').matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)]
    .map(([, stream = '']) => {
      try {
        return inflateSync(Buffer.from(stream, 'latin1')).toString('latin1');
      } catch {
        return '';
      }
    })
    .join('\n');

describe('a hand-over pack as PDF', () => {
  it('is the same file for the same pack, and another for another', async () => {
    const [one, again] = [await handOverPdf(packOf()), await handOverPdf(packOf())];
    expect(one.subarray(0, 5).toString()).toBe('%PDF-');
    expect(again.equals(one)).toBe(true);
    const other: HandOverPack = { ...packOf(), organisation: 'Another' };
    expect((await handOverPdf(other)).equals(one)).toBe(false);
  });

  it('takes as many pages as it needs', async () => {
    const pack = packOf();
    expect(pagesOf(await handOverPdf(pack))).toBe(3);
    const long = { ...pack, history: Array.from({ length: 400 }, () => pack.history[0] as never) };
    expect(pagesOf(await handOverPdf(long))).toBeGreaterThan(8);
  });

  it('has the letters of Greek, Russian and Polish names in its fonts', async () => {
    const pack = packOf();
    const named = { ...pack, customer: { ...pack.customer, name: 'Ωμέγα Щукин Łódź ğ' } };
    const inside = insideOf(await handOverPdf(named));
    for (const letter of ['03a9', '0429', '0141', '011f'])
      expect(inside.toLowerCase()).toContain(`<${letter}>`);
  });

  it('reads no file and calls nobody, whatever somebody wrote', async () => {
    const pack = packOf();
    const [message] = pack.messages;
    const text = '![x](file:///etc/passwd) <img src="http://127.0.0.1:1/x"> {{ 7 * 7 }}';
    const nasty = { ...pack, messages: [{ ...message, text, subject: null } as never] };
    expect(pagesOf(await handOverPdf(nasty))).toBe(3);
  });
});
