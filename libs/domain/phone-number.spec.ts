import fc from 'fast-check';
import { getExampleNumber, getCountries } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { e164, phoneProblem, takesNoSms } from './phone-number.js';

describe('a telephone number', () => {
  it.each([
    ['+44 7700 900-000', null, '+447700900000'],
    ['0044 (7700) 900000', null, '+447700900000'],
    ['+44 (0)20 7946 0018', null, '+442079460018'],
    ['07700 900123', 'GB', '+447700900123'],
    ['8 (495) 000-00-01', 'RU', '+74950000001'],
    ['030 123456', 'DE', '+4930123456'],
    ['(415) 867-5309', 'US', '+14158675309'],
    ['06 1234 5678', 'IT', '+390612345678'],
    ['011 44 7700 900123', 'US', '+447700900123'],
    ['00 44 7700 900123', 'US', '+447700900123'],
    ['0011 44 7700 900123', 'AU', '+447700900123'],
    ['+44 7700 900123', 'US', '+447700900123'],
    ['٠٧٧٠٠٩٠٠١٢٣', 'GB', '+447700900123'],
  ])('%s of %s is %s', (text, country, number) => {
    expect(e164(text, country)).toBe(number);
    expect(phoneProblem(text, country)).toBeNull();
  });

  it.each(['+15005550006', '+15005550001', '+447700900999', '+442079460000', '+34910000001', '+74950000001'])(
    'may be one that is reserved for tests or examples: %s',
    (number) => {
      expect(e164(number)).toBe(number);
    },
  );

  it.each([
    ['07700 900123', null, /^is no international telephone number; write it with \+ and the country code/],
    ['07700 900123', 'XX', /^is no international telephone number; /],
    ['+999 123456789', null, /^has a country code that does not exist; /],
    ['00999 123456789', 'GB', /^has a country code that does not exist; |^is too long/],
    ['+44 7700', null, /^is too short for a telephone number of its country; write all of its digits/],
    ['+44 7700 9001234567', null, /^is too long for a telephone number of its country; write one number/],
    ['12', 'DE', /^is too short/],
    ['hello', 'DE', /^is no telephone number; write it like \+447700900000/],
    ['+447700900000, +447700900001', null, /^is no telephone number; /],
    ['call +447700900000', null, /^is no telephone number; /],
    ['1-800-FLOWERS', 'US', /^is no telephone number; /],
    ['+44 20 7946 0018 ext. 5', null, /^has an extension; write the number alone/],
    ['', null, /^is no telephone number; /],
  ])('is not %j of %s, and it says why', (text, country, problem) => {
    expect(phoneProblem(text, country)).toMatch(problem);
    expect(e164(text, country)).toBeNull();
  });

  it('has one normal form, which is its own, in whatever country it is read again', () => {
    const country = fc.constantFrom(...getCountries());
    fc.assert(
      fc.property(country, country, fc.boolean(), (home, other, national) => {
        const example = getExampleNumber(home, examples);
        fc.pre(example !== undefined);
        const written = national ? example.formatNational() : example.formatInternational();
        const number = e164(written, home);
        expect(number).toBe(example.number);
        expect(e164(example.number, other)).toBe(example.number);
      }),
    );
  });

  it('is read or refused with a sentence, whatever it is', () => {
    const text = fc.oneof(fc.string({ maxLength: 40 }), fc.stringMatching(/^[+0][0-9 ().-]{0,38}$/));
    fc.assert(
      fc.property(text, fc.constantFrom('GB', 'US', 'DE', null), (written, country) => {
        const number = e164(written, country);
        if (number === null) expect(phoneProblem(written, country)).toMatch(/^[a-z].+; .+$/);
        else expect(number).toMatch(/^\+[1-9]\d{4,16}$/);
      }),
    );
  });
});

describe('takesNoSms', () => {
  it.each([
    ['a fixed line of Berlin', '+4930123456', true],
    ['a fixed line of London', '+442079460000', true],
    ['a premium-rate number', '+449098790000', true],
    ['a mobile of France', '+33612345678', false],
    ['a number of New York, where mobiles share the ranges', '+12125551234', false],
    ['a range reserved for examples, of which nothing is known', '+447700900000', false],
    ['a number of Twilio’s tests', '+15005550006', false],
    ['no number at all', 'KINDLY', false],
  ])('is, of %s, %s: %s', (_name, number, none) => {
    expect(takesNoSms(number)).toBe(none);
  });
});
