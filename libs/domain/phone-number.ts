import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type PhoneNumber,
  type NumberType,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';

/**
 * A telephone number as E.164 writes it, `+` and digits; null where {@link phoneProblem} has something to say.
 *
 * Taken is what is _possible_ (its country has numbers of that length), not only what is _valid_ (in a range that is known
 * to be given out). Ranges are given out faster than any table of them is updated, and refusing somebody's real number
 * is worse than a message which its provider refuses; besides, the ranges reserved for tests and examples
 * (+44 7700 900xxx) are valid nowhere.
 *
 * @param country ISO 3166-1 code of where a number without a country code belongs; without one, such a number is none
 */
export const e164 = (text: string, country?: string | null): string | null =>
  parse(text, country)?.number ?? null;

/** What is wrong with a telephone number and what to write; null when it can be one. */
export function phoneProblem(text: string, country?: string | null): string | null {
  if (parse(text, country)) return null;
  if (isPossible(read(text, country))) return `has an extension; write the number alone, ${LIKE}`;
  switch (validatePhoneNumberLength(text, options(country))) {
    case 'TOO_SHORT':
      return `is too short for a telephone number of its country; write all of its digits, ${LIKE}`;
    case 'TOO_LONG':
      return `is too long for a telephone number of its country; write one number, ${LIKE}`;
    case 'INVALID_LENGTH':
      return `has a number of digits that no telephone number of its country has; write all of them, ${LIKE}`;
    case 'INVALID_COUNTRY':
      return /^\s*(\+|00)/.test(text)
        ? `has a country code that does not exist; correct it, ${LIKE}`
        : `is no international telephone number; write it with + and the country code ${LIKE}`;
    default:
      return `is no telephone number; write it ${LIKE}`;
  }
}

const LIKE = 'like +447700900000';

const NO_SMS: readonly (NumberType | undefined)[] = ['FIXED_LINE', 'PREMIUM_RATE'];

/**
 * Whether a number certainly takes no SMS, or none that one should pay for: it lies in a range that its country gives to
 * fixed lines only, or to premium-rate services only. Where the two kinds share their ranges, as in North America, or
 * where nothing is known of the range, this is false and the provider has the word.
 *
 * Needs the full metadata (`max`): the smaller ones know no fixed lines.
 */
export const takesNoSms = (number: string): boolean => NO_SMS.includes(read(number)?.getType());

/** One with an extension cannot be written as E.164, nor be sent an SMS. */
function parse(text: string, country?: string | null): PhoneNumber | undefined {
  const number = read(text, country);
  return isPossible(number) && !number.ext ? number : undefined;
}

/** 00 stands for + whatever the country dials in its place (011, 0011, 810), unless its own rules make a number of it. */
function read(text: string, country?: string | null): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(text, options(country));
  if (isPossible(number) || !/^\s*00/.test(text)) return number;
  return parsePhoneNumberFromString(text.replace(/^\s*00/, '+'), options(null));
}

const isPossible = (number: PhoneNumber | undefined): number is PhoneNumber => number?.isPossible() ?? false;

const options = (country: string | null | undefined): { defaultCountry?: CountryCode; extract: false } => ({
  extract: false,
  ...(country && isSupportedCountry(country) && { defaultCountry: country }),
});
