/**
 * What `npm test` runs, in order. `servers`: wants PostgreSQL and Temporal; `built`: wants dist/ up to date.
 * @typedef {{ name: string, jest?: boolean, servers?: boolean, built?: boolean }} Stage
 */

/** @type {readonly Stage[]} */
export const STAGES = [
  { name: 'lint' },
  { name: 'format' },
  { name: 'types' },
  { name: 'unit', jest: true },
  { name: 'database', jest: true, servers: true, built: true },
  { name: 'workflow', jest: true, servers: true, built: true },
  { name: 'replay', jest: true, built: true },
  { name: 'e2e', jest: true, servers: true, built: true },
  // Its servers are its own: it kills them.
  { name: 'chaos', jest: true, built: true },
];

/**
 * @param {readonly string[]} args  names of stages, `--grep <pattern>`
 * @returns {{ stages: readonly Stage[], grep: string | undefined }}  a pattern alone looks through all the tests
 */
export function parseArguments(args) {
  const { names, grep } = splitArguments(args);
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `there is no stage ${unknown.join(', ')}; the stages are ${STAGES.map(({ name }) => name).join(', ')}`,
    );
  }
  const wanted = (/** @type {Stage} */ { name, jest }) =>
    names.length > 0 ? names.includes(name) : grep === undefined || jest;
  return { stages: STAGES.filter(wanted), grep };
}

/** @param {readonly string[]} args @returns {{ names: string[], grep: string | undefined }} */
function splitArguments(args) {
  const names = [];
  let grep;
  for (let index = 0; index < args.length; index++) {
    const argument = String(args[index]);
    if (argument.startsWith('--grep=')) grep = argument.slice('--grep='.length);
    else if (argument === '--grep') grep = args[++index] ?? missingPattern();
    else if (argument.startsWith('-'))
      throw new Error(`unknown option ${argument}; there is --grep <pattern>`);
    else names.push(argument);
  }
  return { names, grep };
}

/** @returns {never} */
function missingPattern() {
  throw new Error('--grep needs a pattern: the tests whose names match it are run');
}
