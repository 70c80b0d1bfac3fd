/** Letters that stand apart from their plain form in no decomposition. */
const PLAIN: Readonly<Record<string, string>> = { ß: 'ss', ł: 'l', ı: 'i', ø: 'o', æ: 'ae', œ: 'oe' };

/**
 * Text as words are compared in: compatibility forms made plain, lower case, no accents, nothing invisible. Lines stay
 * lines. `Désabonnez-moi` and `DESABONNEZ-MOI` come out alike, and so do `й` and `и`.
 */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/[ßłıøæœ]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/[’‘ʼ`´]/g, "'");

/** The words of folded text; what holds a word together, as in `don't`, parts it. */
export const wordsOf = (folded: string): string[] => folded.match(/[\p{L}\p{N}]+/gu) ?? [];

/** One space before, between and after: a pattern finds whole words by them, in any script. */
export const spaced = (words: readonly string[]): string => ` ${words.join(' ')} `;
