import { mainZoneOf, zoneFor, zonesOfCountry } from './country-zones.js';
import { isZone } from './local-time.js';

const EVERY_COUNTRY = Array.from({ length: 26 * 26 }, (_, n) =>
  String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26)),
);

describe('the time zones of a country', () => {
  it.each([
    ['DE', 1],
    ['GB', 1],
    ['ES', 2],
    ['PT', 2],
    ['NZ', 2],
  ])('%s: %i clocks that differ', (country, clocks) => {
    expect(zonesOfCountry(country)).toHaveLength(clocks);
  });

  it('reach in the United States from Hawaii to the east coast, and in Russia over eleven hours', () => {
    expect(zonesOfCountry('US').length).toBeGreaterThanOrEqual(6);
    expect(zonesOfCountry('RU').length).toBeGreaterThanOrEqual(11);
  });

  it('are none where nobody knows the country', () => {
    for (const country of ['XX', '', 'germany', '??']) expect(zonesOfCountry(country)).toEqual([]);
  });

  it('have one where most people are, in every country that has any', () => {
    for (const country of EVERY_COUNTRY.filter((each) => zonesOfCountry(each).length > 0))
      expect(isZone(mainZoneOf(country) ?? '')).toBe(true);
    expect(['US', 'RU', 'ES', 'AU', 'JP', 'XX'].map(mainZoneOf)).toEqual([
      'America/New_York',
      'Europe/Moscow',
      'Europe/Madrid',
      'Australia/Sydney',
      'Asia/Tokyo',
      null,
    ]);
  });
});

describe('the time zone of a customer', () => {
  it.each([
    [
      { zone: 'Europe/Paris', country: 'US' },
      { zone: 'Europe/Paris', zoneSource: 'given' },
    ],
    [{ country: 'US' }, { zone: 'America/New_York', zoneSource: 'country' }],
    [
      { zone: null, country: 'XX' },
      { zone: 'Europe/Berlin', zoneSource: 'organisation' },
    ],
    [{}, { zone: 'Europe/Berlin', zoneSource: 'organisation' }],
  ])('of %j is %j', (customer, known) => {
    expect(zoneFor(customer, 'Europe/Berlin')).toEqual(known);
  });
});
