import { formatInstant, type Instant } from '#domain/instant.js';
import { Play } from '#engine/play/play.js';
import { startOwnEngine } from '../engine-process.js';
import { printReport, writeLedger } from '../print-report.js';
import { readScenario, type ScenarioOptions } from '../scenario-files.js';
import { calendarFor } from './simulate.js';

const PROGRESS_MS = 5_000;

const say = (line: string): void => console.error(line);

/** Who asks for payment in a scenario of files, which name no creditor. */
const CREDITOR = {
  externalId: 'main',
  name: 'Sample Creditor Ltd',
  phone: '+442079460000',
  email: 'accounts@creditor.example',
};

/** Runs a campaign over past invoices on the real engine, servers and worker of its own. */
export async function play(options: ScenarioOptions): Promise<void> {
  const scenario = await readScenario(options);
  const engine = await startOwnEngine('play', say);
  const interrupt = (): void => void engine.stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const calendar = await calendarFor(scenario.document);
    say(`Loading ${scenario.invoices.length} invoices of ${scenario.customers.length} customers…`);
    const playing = await Play.prepare({ ...engine, calendar }, scenario, {
      creditor: CREDITOR,
      onMoment: progress(),
    });
    try {
      const { report, records } = await playing.run();
      if (options.ledger) await writeLedger(options.ledger, records);
      printReport(report, options.json);
    } finally {
      await playing.close();
    }
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await engine.stop();
  }
}

/** Where the clock stands, every few seconds. */
function progress(): (at: Instant) => void {
  const start = Date.now();
  let said = start;
  return (at) => {
    if (Date.now() - said < PROGRESS_MS) return;
    said = Date.now();
    say(
      `The clock stands at ${formatInstant(at).slice(0, 10)} after ${Math.round((said - start) / 1000)} s.`,
    );
  };
}
