import type { Type } from '@nestjs/common';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { HealthModule } from './health/health.module.js';
import { OrganisationsModule } from './organisations/organisations.module.js';

/** The features of the API: one folder, one module each. */
export const FEATURES: Type[] = [HealthModule, OrganisationsModule, ApiKeysModule];
