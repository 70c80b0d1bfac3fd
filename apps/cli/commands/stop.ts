import type { EntityManager } from 'typeorm';
import { readConfig } from '#config/config.js';
import { type Scope, withScope } from '#engine/scope.js';
import {
  releaseInstallation,
  releaseOrganisation,
  stopInstallation,
  stopOrganisation,
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
  console.log(
    `Stopped: nothing of ${organisation ?? 'any live organisation'} goes out any more. Go on with: release`,
  );
}

export async function release({ organisation }: ReleaseOptions): Promise<void> {
  await change(organisation, {
    one: (scope) => releaseOrganisation(scope),
    all: (manager) => releaseInstallation(manager, ACTOR),
  });
  console.log(`Released: what waited of ${organisation ?? 'live organisations'} goes out little by little.`);
}

async function change(
  organisation: string | undefined,
  { one, all }: { one: (scope: Scope) => Promise<void>; all: (manager: EntityManager) => Promise<void> },
): Promise<void> {
  const { appUrl, systemUrl } = readConfig().database;
  const system = await openDataSource({ url: systemUrl, role: 'system' });
  try {
    if (organisation === undefined) return await withSystem(system, all);
    const id = await findOrganisation(system, organisation);
    const app = await openDataSource({ url: appUrl, role: 'app' });
    try {
      await withScope(app, id, ACTOR, one);
    } finally {
      await app.destroy();
    }
  } finally {
    await system.destroy();
  }
}
