import type { EntityManager } from 'typeorm';
import { readConfig } from '#config/config.js';
import { type Scope, withScope } from '#engine/scope.js';
import {
  releaseInstallation,
  releaseOrganisation,
  stopInstallation,
  stopOrganisation,
  stoppedOrganisations,
} from '#engine/stop/index.js';
import { openDataSource } from '#store/data-source.js';
import { withSystem } from '#store/with-organisation.js';
import { findOrganisation } from '../find-organisation.js';

const ACTOR = 'command line';

export interface ReleaseOptions {
  organisation?: string;
}

export interface StopOptions extends ReleaseOptions {
  reason: string;
}

/** Needs nothing but the database: it works while API and Temporal are down. */
export async function stop({ organisation, reason }: StopOptions): Promise<void> {
  await change(organisation, {
    one: (scope) => stopOrganisation(scope, reason),
    all: (manager) => stopInstallation(manager, reason, ACTOR),
  });
  const back = organisation === undefined ? 'release' : `release --organisation ${organisation}`;
  console.log(
    `Stopped: nothing of ${organisation ?? 'any live organisation'} goes out any more. Go on with: ${back}`,
  );
}

export async function release({ organisation }: ReleaseOptions): Promise<void> {
  const whom = organisation ?? 'live organisations';
  const wasStopped = await change(organisation, {
    one: (scope) => releaseOrganisation(scope),
    all: async (manager) => {
      const lifted = await releaseInstallation(manager, ACTOR);
      const still = await stoppedOrganisations(manager);
      for (const id of still)
        console.log(`Still stopped by itself: ${id}. Go on with: release --organisation ${id}`);
      return lifted;
    },
  });
  console.log(
    wasStopped
      ? `Released: what waited of ${whom} goes out little by little.`
      : `There was no stop of ${organisation ?? 'the installation'} to release.`,
  );
}

async function change<T>(
  organisation: string | undefined,
  { one, all }: { one: (scope: Scope) => Promise<T>; all: (manager: EntityManager) => Promise<T> },
): Promise<T> {
  const { appUrl, systemUrl } = readConfig().database;
  const system = await openDataSource({ url: systemUrl, role: 'system' });
  try {
    if (organisation === undefined) return await withSystem(system, all);
    const id = await findOrganisation(system, organisation);
    const app = await openDataSource({ url: appUrl, role: 'app' });
    try {
      return await withScope(app, id, ACTOR, one);
    } finally {
      await app.destroy();
    }
  } finally {
    await system.destroy();
  }
}
