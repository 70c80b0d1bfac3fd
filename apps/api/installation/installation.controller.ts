import { Body, Controller, Get, Post } from '@nestjs/common';
import { z } from 'zod';
import { stopInput, type StopInput, stopResource } from '#contracts/schemas/index.js';
import { readInstallationStop, releaseInstallation, stopInstallation } from '#engine/stop/index.js';
import { withSystem } from '#store/with-organisation.js';
import { Database } from '../common/database.js';
import { Operation } from '../common/operation.js';
import { stopView } from '../organisations/organisations.queries.js';

const installationResource = z
  .object({ stop: stopResource.nullable() })
  .meta({ description: 'The installation as a whole' });
type InstallationResource = z.output<typeof installationResource>;

@Controller('installation')
export class InstallationController {
  constructor(private readonly database: Database) {}

  @Get()
  @Operation({
    summary: 'Whether the whole installation is stopped',
    allow: 'root',
    returns: installationResource,
  })
  async get(): Promise<InstallationResource> {
    const stop = await withSystem(this.database.system, readInstallationStop);
    return { stop: stop && stopView(stop) };
  }

  @Post('stop')
  @Operation({
    summary: 'Emergency stop of every live organisation',
    description: 'Of those that are created later too. Test organisations go on.',
    allow: 'root',
    returns: installationResource,
  })
  async stop(@Body({ schema: stopInput }) { reason }: StopInput): Promise<InstallationResource> {
    await withSystem(this.database.system, (manager) => stopInstallation(manager, reason, 'root'));
    return this.get();
  }

  @Post('release')
  @Operation({
    summary: 'End the emergency stop of the installation',
    description: 'Organisations that were stopped by themselves stay so.',
    allow: 'root',
    returns: installationResource,
  })
  async release(): Promise<InstallationResource> {
    await withSystem(this.database.system, (manager) => releaseInstallation(manager, 'root'));
    return this.get();
  }
}
