const EMAIL = /[^\s@"'<>]+@[^\s@"'<>]+/g;
const LONG_NUMBER = /\+?\d[\d\s().-]{5,}\d/g;
const QUOTED = /"[^"]*"/g;

/**
 * Takes out of a text what may be about a person: addresses, numbers of seven digits and more, and whatever stands
 * in double quotes, where error messages repeat what they were given.
 */
export const mask = (text: string): string =>
  text.replace(QUOTED, '"…"').replace(EMAIL, '‹address›').replace(LONG_NUMBER, '‹number›');
