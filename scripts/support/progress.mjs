/** How often a long piece of work says that it is still at it. */
const REPORT_EVERY_MS = 10_000;

/** @typedef {(line: string) => void} Log */

/** Standard output belongs to the commands' results (`--json`); what the set-up has to say goes to standard error. @type {Log} */
export const say = (line) => void process.stderr.write(`${line}\n`);

/** @param {number} since  milliseconds, from `Date.now()` */
export const secondsSince = (since) => Math.round((Date.now() - since) / 1000);

/** @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * Says what begins, and while it lasts how long it has taken: "installing modules… 10 s".
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @param {Log} [log]
 * @returns {Promise<T>}
 */
export async function withProgress(what, work, log = say) {
  const since = Date.now();
  log(`${what}…`);
  const ticker = setInterval(() => log(`${what}… ${secondsSince(since)} s`), REPORT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}
