/**
 * Picks the locale a person is written to in: the wanted one (`ru`), else the wanted one with less said (`ru-RU` → `ru`),
 * else another of the same language (`en-GB` → `en-US`), else the fallback.
 */
export function resolveLocale(available: string[], wanted: string, fallback: string): string {
  const offered = new Map(available.map((locale) => [normalised(locale), locale]));
  for (let tag = normalised(wanted); tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const match = offered.get(tag);
    if (match !== undefined) return match;
  }
  const language = languageOf(wanted);
  return available.find((locale) => languageOf(locale) === language) ?? fallback;
}

const normalised = (locale: string): string => locale.trim().replaceAll('_', '-').toLowerCase();

const languageOf = (locale: string): string => normalised(locale).split('-')[0] ?? '';

/** False for what is not well-formed BCP 47. */
export function isLocale(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length === 1;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
