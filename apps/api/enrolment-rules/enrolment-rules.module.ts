import { Module } from '@nestjs/common';
import { EnrolmentRulesController } from './enrolment-rules.controller.js';
import { InvoiceRulesController } from './invoice-rules.controller.js';
import { RulesRunner } from './rules-runner.js';

@Module({
  controllers: [EnrolmentRulesController, InvoiceRulesController],
  providers: [RulesRunner],
})
export class EnrolmentRulesModule {}
