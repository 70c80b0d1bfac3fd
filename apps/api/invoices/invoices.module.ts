import { Module } from '@nestjs/common';
import { ClosingController } from './closing.controller.js';
import { DocumentsController } from './documents.controller.js';
import { HandOverController } from './hand-over.controller.js';
import { InstalmentPlanController } from './instalment-plan.controller.js';
import { InvoicesController } from './invoices.controller.js';

@Module({
  controllers: [
    InvoicesController,
    ClosingController,
    DocumentsController,
    HandOverController,
    InstalmentPlanController,
  ],
})
export class InvoicesModule {}
