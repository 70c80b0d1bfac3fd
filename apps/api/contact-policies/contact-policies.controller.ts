import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { contactPolicyResource } from '#contracts/schemas/index.js';
import type { ContactPolicyResource } from '#contracts/schemas/index.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { listContactPolicies } from './contact-policies.queries.js';

const policies = z
  .object({ data: z.array(contactPolicyResource) })
  .meta({ id: 'ContactPolicies', description: 'All contact policies that come with Kindly' });

@Controller('contact-policies')
export class ContactPoliciesController {
  @Get()
  @Operation({
    summary: 'The contact policies that come with Kindly, and which of their rules are switched off',
    description:
      'Each with its source, the day on which it was compared with it, and whom it binds. This is no legal advice.',
    allow: ['viewer'],
    returns: policies,
  })
  list(): Command<{ data: ContactPolicyResource[] }> {
    return run(async (scope) => ({ data: await listContactPolicies(scope) }));
  }
}
