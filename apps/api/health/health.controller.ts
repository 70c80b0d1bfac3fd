import { Controller, Get, VERSION_NEUTRAL } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../common/database.js';
import { Operation } from '../common/operation.js';

const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
type Health = z.infer<typeof health>;

@Controller({ version: VERSION_NEUTRAL })
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('healthz')
  @Operation({ summary: 'Whether the process lives', allow: 'public', returns: health })
  live(): Health {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Operation({
    summary: 'Whether requests can be served: the database answers',
    allow: 'public',
    returns: health,
  })
  async ready(): Promise<Health> {
    await Promise.all([this.database.app.query('select 1'), this.database.system.query('select 1')]);
    return { status: 'ok' };
  }
}
