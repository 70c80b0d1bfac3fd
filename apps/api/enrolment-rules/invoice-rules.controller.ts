import { Controller, Get, Param } from '@nestjs/common';
import { explainRules } from '#engine/enrolment-rules/index.js';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { idOf } from '../common/reference.js';
import { ruleAnswersResource, type RuleAnswersResource } from './enrolment-rules.schemas.js';

@Controller('invoices')
export class InvoiceRulesController {
  @Get(':id/enrolment-rules')
  @Operation({
    summary: 'Which rule takes an invoice, and why the others do not',
    allow: ['viewer'],
    returns: ruleAnswersResource,
  })
  explain(@Param('id') reference: string): Command<RuleAnswersResource> {
    return run(async (scope) => {
      const { isCandidate, answers } = await explainRules(scope, await idOf(scope, 'invoice', reference));
      return {
        isCandidate,
        rules: answers.map(({ rule, takes, failed }) => ({
          rule: rule.externalId,
          name: rule.name,
          campaign: rule.campaign,
          takes,
          failed,
        })),
      };
    });
  }
}
