import { writeFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { openDataSource } from '#store/data-source.js';
import { urlAs } from '#store/provision.js';
import { rolePasswords, statePath } from '#scripts/servers.mjs';
import type { Violation } from './checks/evidence.js';
import type { Standstill } from './checks/stop.js';
import { Debtors } from './debtors.js';
import { type Found, gather } from './gather.js';
import { judge } from './judge.js';
import { OBSERVER } from './observer.js';
import type { ChaosOptions } from './options.js';
import { type ChaosPlan, type Kill, type PlannedStop, planOf, type Refusal } from './plan.js';
import { type Recorded, Recorder } from './record.js';
import { Senders } from './senders.js';
import { comeToRest } from './settle.js';
import { ChaosStack, PUBLIC_URL } from './stack.js';
import { enrolAll, found as foundWorld, LADDER_KEYS, loadBooks, type World } from './world.js';

export interface ChaosReport {
  seed: number;
  minutes: number;
  kills: Record<string, number>;
  faults: Record<string, number>;
  invoices: number;
  contacts: number;
  unknownsResolved: number;
  unknownsLeft: number;
  /** How unknowns were settled. */
  resolutions: Record<string, number>;
  /** Messages that providers took. */
  accepts: number;
  /** What providers told, and what of it was forged. */
  receipts: { told: number; forged: number };
  facts: Recorded;
  /** What debtors did, by kind. */
  deeds: Record<string, number>;
  /** Emergency stops. */
  stops: number;
  /** Sent once more by policy, after nobody could find out. */
  resent: number;
  /** Closed between decision and call. */
  closedMeanwhile: number;
  /** Processes that ended though nobody killed them. */
  endings: Record<string, number>;
  seconds: number;
  violations: Violation[];
}

/** How long everything may take to come to rest. */
const HEAL_MS = 6 * 60_000;
const DRAIN_MS = 30_000;
/** Of a thousand messages of a broken build. */
const SLOW = 300;

type Say = (line: string) => void;

/** One run, from servers that start to a verdict. The signal ends it half-way. */
export async function runChaos(options: ChaosOptions, signal: AbortSignal, say: Say): Promise<ChaosReport> {
  const started = Date.now();
  const stack = new ChaosStack({ name: `chaos-${options.seed}-${process.pid}`, broken: options.broken, say });
  const apiUrl = await stack.reserveApi();
  const senders = await Senders.start(options.seed, PUBLIC_URL, apiUrl, options.broken ? SLOW : 0);
  try {
    await stack.start(senders);
    return await through(options, { stack, senders }, signal, say, started);
  } finally {
    await senders.stop();
    await stack.stop();
  }
}

interface Parts {
  stack: ChaosStack;
  senders: Senders;
}

async function through(
  options: ChaosOptions,
  { stack, senders }: Parts,
  signal: AbortSignal,
  say: Say,
  started: number,
): Promise<ChaosReport> {
  const plan = planOf(options);
  const owner = await openDataSource({ url: stack.databaseUrl, role: 'owner' });
  try {
    for (const statement of OBSERVER) await owner.query(statement);
    const world = await foundWorld(stack.apiUrl, options.seed, signal);
    await loadBooks(world, options.seed, plan, options.invoices);
    say(`${options.invoices} invoices of ${plan.customers} customers are loaded`);
    const recorder = new Recorder(world, options.seed);
    const { organisationId } = world;
    const debtors = new Debtors(
      options.seed,
      { publicUrl: PUBLIC_URL, apiUrl: stack.apiUrl, organisationId },
      signal,
    );
    for (const provider of Object.values(senders.providers)) debtors.watch(provider);
    const standstills: Standstill[] = [];
    await rage(options, { stack, senders }, { plan, world, recorder, standstills }, say);
    const left = await heal({ senders, debtors }, owner, say);
    await stack.quieten();
    say('judging');
    const evidence = await evidenceOf(stack, owner, world.organisationId);
    const verdict = judge(
      { accepts: senders.accepts(), told: senders.receipts.all, deeds: debtors.deeds, standstills },
      evidence,
      LADDER_KEYS,
      { seed: options.seed, now: Date.now() },
    );
    const violations = [
      ...(left ? [{ rule: 'did_not_rest', subject: '', detail: JSON.stringify(left) }] : []),
      ...verdict.violations,
    ];
    if (violations.length > 0)
      keepEvidence(options.seed, { violations, accepts: senders.accepts(), ...evidence }, say);
    return {
      ...figures(options, plan, { stack, senders }, evidence),
      facts: recorder.recorded,
      deeds: countBy(debtors.deeds.map(({ kind }) => kind)),
      stops: standstills.length,
      ...verdict,
      seconds: Math.round((Date.now() - started) / 1_000),
      violations,
    };
  } finally {
    await owner.destroy();
  }
}

/** Who looks for the reason wants everything that was judged. */
function keepEvidence(seed: number, evidence: object, say: Say): void {
  const file = statePath(`chaos-${seed}.json`);
  writeFileSync(
    file,
    JSON.stringify(evidence, (_, value: unknown) => (value instanceof Map ? undefined : value)),
  );
  say(`what was judged is in ${file}`);
}

interface Raging {
  plan: ChaosPlan;
  world: World;
  recorder: Recorder;
  /** Grows. */
  standstills: Standstill[];
}

/** Everything at once, for as long as it was told to last. */
async function rage(
  { minutes, invoices }: ChaosOptions,
  { stack, senders }: Parts,
  { plan, world, recorder, standstills }: Raging,
  say: Say,
): Promise<void> {
  const started = Date.now();
  const lastsMs = minutes * 60_000;
  senders.faults.begin();
  await Promise.all([
    enrolAll(world, invoices, lastsMs * 0.6),
    recorder.record(plan.facts, started),
    recorder.answerCalls(started + lastsMs),
    killAll(stack, plan.kills, started, say),
    refuseAll(senders, plan.refusals, started),
    stopAll(world, plan.stops, started, standstills, say),
    world.client.pause(lastsMs),
  ]);
}

async function stopAll(
  { client, organisationId }: World,
  stops: readonly PlannedStop[],
  started: number,
  standstills: Standstill[],
  say: Say,
): Promise<void> {
  for (const [index, { at, forMs }] of stops.entries()) {
    await client.pause(started + at - Date.now());
    await client.taken(`/v1/organisations/${organisationId}/stop`, { reason: 'chaos' }, `stop-${index}`);
    const from = Date.now();
    say(`stops everything for ${forMs} ms`);
    await client.pause(forMs);
    standstills.push({ from, to: Date.now() });
    await client.taken(`/v1/organisations/${organisationId}/release`, {}, `release-${index}`);
  }
}

async function killAll(stack: ChaosStack, kills: readonly Kill[], started: number, say: Say): Promise<void> {
  for (const { at, part, downMs } of kills) {
    await after(started + at);
    say(`kills ${part}, away for ${downMs} ms`);
    await stack.kill(part, downMs);
  }
}

async function refuseAll(senders: Senders, refusals: readonly Refusal[], started: number): Promise<void> {
  await Promise.all(
    refusals.map(async ({ at, sender, forMs }) => {
      await after(started + at);
      senders.faults.count('refused');
      await senders.providers[sender].refuse();
      await after(Date.now() + forMs);
      await senders.providers[sender].restore();
    }),
  );
}

const after = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));

/** No faults any more, and time for everything to come to rest: receipts bring steps back, and steps bring receipts. */
async function heal(
  { senders, debtors }: { senders: Senders; debtors: Debtors },
  owner: Parameters<typeof comeToRest>[0],
  say: Say,
) {
  say('healing');
  const healed = Date.now();
  senders.faults.end();
  senders.receipts.hurry();
  for (;;) {
    const before = senders.accepts().length;
    await senders.receipts.drain(DRAIN_MS);
    await debtors.drain();
    const left = await comeToRest(owner, healed, healed + HEAL_MS, say);
    if (left || senders.accepts().length === before) return left;
  }
}

async function evidenceOf(
  stack: ChaosStack,
  owner: Parameters<typeof comeToRest>[0],
  organisationId: string,
): Promise<Found> {
  const app = await openDataSource({
    url: urlAs(stack.databaseUrl, 'kindly_app', rolePasswords().appPassword),
    role: 'app',
  });
  const connection = await Connection.connect({ address: stack.temporalAddress });
  try {
    return await gather({ owner, app, temporal: new Client({ connection }) }, organisationId);
  } finally {
    await connection.close();
    await app.destroy();
  }
}

function figures(
  { seed, minutes, invoices }: ChaosOptions,
  plan: ChaosPlan,
  { stack, senders }: Parts,
  { contacts }: Found,
) {
  const resolutions = countBy(contacts.flatMap(({ resolution }) => resolution ?? []));
  return {
    seed,
    minutes,
    kills: countBy(plan.kills.map(({ part }) => part)),
    faults: senders.faults.met,
    invoices,
    contacts: contacts.length,
    unknownsResolved: contacts.filter(({ resolution }) => resolution !== null).length,
    unknownsLeft: contacts.filter(({ state, resolution }) => state === 'unknown' && resolution === null)
      .length,
    resolutions,
    accepts: senders.accepts().length,
    receipts: {
      told: senders.receipts.all.length,
      forged: senders.receipts.all.filter(({ isForged }) => isForged).length,
    },
    endings: stack.endings(),
  };
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
