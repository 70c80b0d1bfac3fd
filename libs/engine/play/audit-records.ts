import type { LocalDate } from '#domain/instant.js';
import { startOfDay } from '#domain/local-time.js';
import { parseAmount } from '#domain/money.js';
import { auditCourtesy } from './audit-courtesy.js';
import type { DecisionRecord } from './decision-record.js';
import type { Violation } from './report.js';
import type { Scenario, ScenarioInvoice } from './scenario.js';

/**
 * Looks over what was decided with nothing but the decisions and the scenario: nothing may go out once the invoice is
 * paid, no step twice, nothing merged into what did not go out, and nothing that is not courteous where the campaign is to be.
 * Independent of planner and gate, which it checks.
 */
export function auditRecords(
  records: readonly DecisionRecord[],
  scenario: Scenario,
  zoneOf: (invoice: ScenarioInvoice) => string,
): Violation[] {
  const invoices = new Map(scenario.invoices.map((invoice) => [invoice.input.externalId, invoice]));
  const seen = new Set<string>();
  const sent = new Set(records.filter(({ decision }) => decision === 'sent').map(momentOf));
  const wrong = records.flatMap((record) => {
    if (!REACHING.includes(record.decision)) return [];
    const contact = `${record.invoice}/${record.step}#${record.occurrence}`;
    const found: Violation[] = [];
    if (seen.has(contact)) found.push({ rule: 'once', contact, detail: 'The step was carried out twice.' });
    seen.add(contact);
    const invoice = invoices.get(record.invoice);
    const paidOn = invoice && paidInFullOn(invoice);
    if (paidOn && record.at >= startOfDay(paidOn, zoneOf(invoice))) {
      found.push({ rule: 'paid', contact, detail: `The invoice was paid on ${paidOn}.` });
    }
    if (record.decision === 'merged' && !sent.has(momentOf(record)))
      found.push({ rule: 'merged', contact, detail: 'No statement went out to this customer then.' });
    return found;
  });
  return [...wrong, ...auditCourtesy(records, scenario)];
}

/** Decisions by which somebody hears of an invoice. */
const REACHING: readonly DecisionRecord['decision'][] = ['sent', 'merged', 'task'];

const momentOf = ({ customer, at }: DecisionRecord): string => `${customer}/${at}`;

const paidInFullOn = ({ input, settlement }: ScenarioInvoice): LocalDate | null =>
  settlement && parseAmount(settlement.amount, input.currency) >= parseAmount(input.total, input.currency)
    ? settlement.paidOn
    : null;
