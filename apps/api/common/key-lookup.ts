import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { withSystem } from '#store/with-organisation.js';
import { hashToken } from './api-key-token.js';
import type { KeyCaller } from './caller.js';
import { Database } from './database.js';
import type { Role } from './roles.js';

interface KeyRow {
  organisation_id: string;
  id: string;
  role: Role;
  /** Not used within the last minute. */
  stale: boolean;
}

const FIND = `
  select organisation_id, id, role, coalesce(last_used_at < now() - interval '1 minute', true) as stale
  from api_key where hash = $1 and (revoked_at is null or revoked_at > now())`;

/** Again with the condition: of several requests at once, one writes. */
const TOUCH = `
  update api_key set last_used_at = now()
  where organisation_id = $1 and id = $2 and coalesce(last_used_at < now() - interval '1 minute', true)`;

/** Finds whose key a token is. Any token costs the same: one hash, one look-up of it in an index. */
@Injectable()
export class KeyLookup {
  constructor(private readonly database: Database) {}

  async find(token: string): Promise<KeyCaller | undefined> {
    const hash = hashToken(token);
    return withSystem(this.database.system, async (manager) => {
      const [row] = await manager.query<KeyRow[]>(FIND, [hash]);
      if (!row) return undefined;
      if (row.stale) await this.touch(manager, row);
      return { kind: 'api-key', organisationId: row.organisation_id, keyId: row.id, role: row.role };
    });
  }

  private async touch(manager: EntityManager, row: KeyRow): Promise<void> {
    await manager.query(TOUCH, [row.organisation_id, row.id]);
  }
}
