import { startOfDay } from '#domain/local-time.js';
import type { TimedEvent } from '#engine/clock/timeline.js';
import type { Scenario, ScenarioInvoice } from './scenario.js';

export const nameOf = ({ input }: ScenarioInvoice): { customer: string; dueOn: string; invoice: string } => ({
  customer: input.customerExternalId,
  dueOn: input.dueOn,
  invoice: input.externalId,
});

export interface ScenarioHandlers {
  enrol(invoice: ScenarioInvoice): Promise<void>;
  settle(invoice: ScenarioInvoice): Promise<void>;
}

/**
 * What happens in a scenario: every invoice is enrolled at 00:00 of its issue date where its customer is, and paid at
 * 00:00 of the day it is settled.
 */
export function scenarioEvents(
  { invoices }: Scenario,
  zoneOf: (invoice: ScenarioInvoice) => string,
  handlers: ScenarioHandlers,
): TimedEvent[] {
  return invoices.flatMap((invoice) => {
    const zone = zoneOf(invoice);
    const names = nameOf(invoice);
    const { settlement, input } = invoice;
    const events: TimedEvent[] = [
      {
        ...names,
        kind: 'enrolment',
        at: startOfDay(input.issuedOn, zone),
        apply: () => handlers.enrol(invoice),
      },
    ];
    if (settlement) {
      events.push({
        ...names,
        kind: 'fact',
        at: startOfDay(settlement.paidOn, zone),
        apply: () => handlers.settle(invoice),
      });
    }
    return events;
  });
}
