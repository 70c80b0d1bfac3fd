import { holidayCalendar, weekendCalendar, type WorkingCalendar } from '#domain/working-days.js';
import { loadPublicHolidays } from '#domain/holidays.js';
import type { CampaignDocument } from '#domain/campaign/document.js';
import { hasPolicy } from '#domain/policy/keeping.js';
import { simulate as runSimulation } from '#engine/play/simulate.js';
import { printReport, writeLedger } from '../print-report.js';
import { readScenario, type ScenarioOptions } from '../scenario-files.js';

/** The report of a campaign over past invoices, from planner and gate alone. */
export async function simulate(options: ScenarioOptions): Promise<void> {
  const scenario = await readScenario(options);
  const { report, records } = await runSimulation(scenario, await calendarFor(scenario.document));
  if (options.ledger) await writeLedger(options.ledger, records);
  printReport(report, options.json);
}

/** Public holidays take a moment to load, and are looked up for working days and by contact policies alone. */
export const calendarFor = async (document: CampaignDocument): Promise<WorkingCalendar> =>
  hasPolicy(document) || document.steps.some(({ at }) => at?.businessDays || at?.roll)
    ? holidayCalendar(await loadPublicHolidays())
    : weekendCalendar;
