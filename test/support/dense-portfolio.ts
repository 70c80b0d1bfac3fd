import type { CustomerInput } from '#contracts/schemas/customer.js';
import { campaignOf, dueStep } from '#domain/facts.factory.js';
import type { LocalDate } from '#domain/instant.js';
import { addDays } from '#domain/local-time.js';
import type { Scenario, ScenarioInvoice } from '#engine/play/scenario.js';
import { customerOf, scenarioInvoiceOf, scenarioOf } from '#engine/play/scenario.factory.js';
import { randomOf } from './random.js';

/** How many customers, and how many invoices each of them has. */
export interface DenseSize {
  customers: number;
  invoices: number;
}

export const SIZE: DenseSize = { customers: 5, invoices: 60 };
const CURRENCIES = ['EUR', 'USD', 'RUB'] as const;

const PLACES = [
  { zone: 'Europe/Madrid', country: 'ES' },
  { zone: 'America/New_York', country: 'US' },
  { zone: 'Australia/Lord_Howe', country: 'AU' },
  { zone: 'Asia/Kolkata', country: 'IN' },
];
const ROLES = ['accounts_payable', 'owner', 'escalation', 'buyer', 'assistant'];
const FROM: LocalDate = '2026-02-02';

/**
 * Five customers of five people, unless told otherwise, who owe sixty invoices each in three currencies, of one month; some are paid in
 * time, some late, most never. The same seed gives the same portfolio, to the last amount.
 */
export function densePortfolio(seed: string, { customers: many, invoices: each } = SIZE): Scenario {
  const customers = Array.from({ length: many }, (_, c) => debtor(c));
  const invoices = customers.flatMap(({ externalId }, c) =>
    Array.from({ length: each }, (_, i): ScenarioInvoice => {
      const id = `${c}-${i}`;
      const random = randomOf(seed, id);
      const issuedOn = addDays(FROM, random.between(0, 29));
      const dueOn = addDays(issuedOn, random.pick([7, 14, 30]));
      const total = `${random.between(10, 5_000)}.${random.between(10, 99)}`;
      const currency = CURRENCIES[i % CURRENCIES.length];
      const paidOn = random.chance(1 / 4) ? addDays(dueOn, random.between(-5, 25)) : null;
      const input = {
        externalId: `I${id}`,
        customerExternalId: externalId,
        issuedOn,
        dueOn,
        total,
        currency,
      };
      return scenarioInvoiceOf(input, paidOn);
    }),
  );
  return scenarioOf({ document: denseLadder(), customers, invoices });
}

const debtor = (c: number): CustomerInput =>
  customerOf({
    externalId: `C${c}`,
    ...PLACES[c % PLACES.length],
    email: undefined,
    phone: undefined,
    people: ROLES.map((role, p) => ({
      externalId: `P${p}`,
      roles: [role],
      emails: [`c${c}p${p}@example.test`],
      phones: [`+44770090${String(c).padStart(2, '0')}${String(p).padStart(2, '0')}`],
    })),
  });

/** To different people of a customer, at hours of their own. */
const denseLadder = () => {
  const at = (offset: string, time: string) => ({ anchor: 'due_date' as const, offset, time });
  return campaignOf(
    [
      dueStep('heads-up', '-P3D', { at: at('-P3D', '10:00'), template: 'heads-up' }),
      dueStep('overdue', 'P1D', { at: at('P1D', '11:30'), send: ['sms', 'email'] }),
      dueStep('second', 'P7D', { at: at('P7D', '16:00'), recipients: ['owner'], template: 'second-notice' }),
      dueStep('final', 'P14D', {
        at: at('P14D', '22:00'),
        recipients: ['escalation'],
        template: 'final-notice',
      }),
    ],
    { policy: 'courteous' },
  );
};
