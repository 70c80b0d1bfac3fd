import { z } from 'zod';
import * as schemas from './index.js';

const invoice = {
  externalId: 'INV-1',
  customerExternalId: 'C-1',
  total: '100.00',
  currency: 'EUR',
  issuedOn: '2026-01-01',
  dueOn: '2026-01-31',
};

/** `field: message`, of every issue. */
const issuesOf = (schema: z.ZodType, input: unknown): string[] =>
  (schema.safeParse(input).error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);

describe('the schemas of the API', () => {
  const all = Object.entries<unknown>({ ...schemas }).filter(
    (entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType,
  );

  it.each(all)('%s shows as JSON Schema what it takes and gives', (_name, schema) => {
    expect(() => z.toJSONSchema(schema, { io: 'input' })).not.toThrow();
    expect(() => z.toJSONSchema(schema, { io: 'output' })).not.toThrow();
  });

  it('refuse a field they do not know', () => {
    expect(issuesOf(schemas.invoiceInput, { ...invoice, dueDate: '2026-02-01' })).toHaveLength(1);
  });
});

describe('invoiceInput', () => {
  it('takes an invoice of one amount', () => {
    expect(issuesOf(schemas.invoiceInput, invoice)).toEqual([]);
  });

  it.each([
    [{ total: '-5.00' }, /^total: is negative; /],
    [{ total: '0.00' }, /^total: is zero; /],
    [{ total: '1,000.00' }, /^total: is no amount; /],
    [{ total: '100.001' }, /^total: does not fit EUR; write it like 55\.94$/],
    [{ total: '100.5', currency: 'JPY' }, /^total: does not fit JPY; write it like 5594$/],
    [{ currency: 'EURO' }, /^currency: is no currency; write an ISO 4217 code/],
    [{ issuedOn: '2026-02-30' }, /^issuedOn: is no date; /],
    [{ dueOn: '2025-12-31' }, /^dueOn: is before the issue date; /],
    [{ net: '90.00', tax: '11.00' }, /^total: is not net plus tax; /],
    [{ net: '100.01' }, /^net: is more than the total; /],
    [{ parts: [{ amount: '99.99', dueOn: '2026-01-31' }] }, /^parts: do not add up to the total; /],
    [{ parts: [{ amount: '100.00' }] }, /^parts\.0\.dueOn: is missing; /],
    [{ externalId: ' INV-1' }, /^externalId: starts or ends with a space; /],
  ])('says of %j what is wrong and what to write', (wrong, message) => {
    const issues = issuesOf(schemas.invoiceInput, { ...invoice, ...wrong });
    expect(issues).toEqual([expect.stringMatching(message)]);
  });

  it('says the same error once, not once a check', () => {
    const issues = issuesOf(schemas.invoiceInput, { ...invoice, total: 'abc', net: '1.00', tax: '2.00' });
    expect(issues).toEqual([expect.stringMatching(/^total: is no amount; /)]);
  });
});

describe('paymentInput', () => {
  const payment = { externalId: 'P-1', customerExternalId: 'C-1', amount: '10.00', currency: 'EUR' };

  it('takes a payment of a customer, or one that names an invoice', () => {
    expect(issuesOf(schemas.paymentInput, payment)).toEqual([]);
    const { customerExternalId: _left, ...nobody } = payment;
    expect(issuesOf(schemas.paymentInput, { ...nobody, invoiceExternalId: 'INV-1' })).toEqual([]);
    expect(issuesOf(schemas.paymentInput, nobody)).toEqual([
      expect.stringMatching(/^customerExternalId: is missing; /),
    ]);
  });

  it('refuses more allocations than money, and two times', () => {
    const allocations = [{ invoiceExternalId: 'INV-1', amount: '10.01' }];
    expect(issuesOf(schemas.paymentInput, { ...payment, allocations })).toHaveLength(1);
    const twice = { paidOn: '2026-01-02', effectiveAt: '2026-01-02T10:00:00Z' };
    expect(issuesOf(schemas.paymentInput, { ...payment, ...twice })).toHaveLength(1);
  });
});

describe('customerInput', () => {
  const customer = { externalId: 'C-1', name: 'Sample Ltd' };

  it('keeps a name that looks like a formula as it is', () => {
    const name = '=cmd|" /C calc"!A0';
    expect(schemas.customerInput.parse({ ...customer, name })).toEqual({ ...customer, name });
  });

  it.each([
    [{ phone: '07700900000' }, /^phone: is no international telephone number; /],
    [{ email: 'nobody' }, /^email: is no e-mail address; /],
    [{ zone: 'Mars/Olympus' }, /^zone: is no time zone; /],
    [{ preferredMedium: 'fax' }, /^preferredMedium: is no channel; write one of email, sms, telegram, call/],
    [{ email: 'a@example.test', people: [] }, /^email: stands beside people; /],
    [{ parentExternalId: 'C-1' }, /^parentExternalId: is the customer itself; /],
    [{ name: 'a\0b' }, /^name: contains a NUL character; /],
  ])('says of %j what is wrong and what to write', (wrong, message) => {
    const issues = issuesOf(schemas.customerInput, { ...customer, ...wrong });
    expect(issues).toEqual([expect.stringMatching(message)]);
  });

  it('takes a telephone number as people of the country beside it write it, and only beside it', () => {
    const people = [{ externalId: 'P', phones: ['+447700900000', '030 123456'] }];
    expect(issuesOf(schemas.customerInput, { ...customer, country: 'DE', phone: '030 123456' })).toEqual([]);
    expect(issuesOf(schemas.customerInput, { ...customer, country: 'DE', people })).toEqual([]);
    expect(issuesOf(schemas.customerInput, { ...customer, people })).toEqual([
      expect.stringMatching(/^people\.0\.phones\.1: is no international telephone number; /),
    ]);
    expect(issuesOf(schemas.customerInput, { ...customer, country: 'DE', phone: '0' })).toEqual([
      expect.stringMatching(/^phone: is too short for a telephone number/),
    ]);
  });

  it('takes telephone numbers as people write them', () => {
    for (const phone of ['+44 7700 900-000', '0044 (7700) 900000', '+447700900000']) {
      expect(issuesOf(schemas.customerInput, { ...customer, phone })).toEqual([]);
    }
  });
});

describe('taskOutcomeInput', () => {
  it('knows what each outcome needs', () => {
    expect(issuesOf(schemas.taskOutcomeInput, { outcome: 'no_answer' })).toEqual([]);
    expect(issuesOf(schemas.taskOutcomeInput, { outcome: 'promise', amount: '5.00' })).toEqual([
      expect.stringMatching(/^promisedOn: is no date; /),
    ]);
    expect(issuesOf(schemas.taskOutcomeInput, { outcome: 'callback', at: 'tomorrow' })).toEqual([
      expect.stringMatching(/^at: is no instant; /),
    ]);
    expect(issuesOf(schemas.taskOutcomeInput, { outcome: 'asleep' })).toEqual([
      expect.stringMatching(/is no outcome; write reached/),
    ]);
  });
});
