import { parseMapping } from './mapping.js';

const YAML = `
customers:
  columns: { externalId: id, name: title }
invoices:
  columns: { externalId: nr }
  constants: { currency: USD }
  date: M/D/YYYY
  decimal: ","
`;

describe('a mapping file', () => {
  it('has mappings for several kinds', () => {
    expect(parseMapping(YAML, 'invoices')).toEqual({
      columns: { externalId: 'nr' },
      constants: { currency: 'USD' },
      date: 'M/D/YYYY',
      decimal: ',',
      thousands: '',
    });
    expect(parseMapping(YAML, 'payments')).toBeUndefined();
  });

  it('has one mapping alone, in JSON as well', () => {
    expect(parseMapping('{"columns": {"externalId": "id"}}', 'customers')?.columns).toEqual({
      externalId: 'id',
    });
  });

  it.each([
    ['columns: { colour: x }', /names "colour", which is no field of customers/],
    ['columns: {}\ndate: MM-DD', /wrong at date: is no date format/],
    ['columns: {}\ndecimal: "x"', /wrong at decimal: is no decimal mark/],
    ['columns: {}\nencoding: ebcdic', /wrong at encoding: is no encoding/],
    ['columns: {}\ndecimal: ","\nthousands: ","', /wrong at thousands: is the decimal mark as well/],
    ['columns: {}\ncolour: red', /The file is wrong/],
    ['- a', /has no fields/],
    ['a: [', /no YAML or JSON/],
  ])('%j is refused, with the path of what is wrong', (text, message) => {
    expect(() => parseMapping(text, 'customers')).toThrow(message);
  });
});
