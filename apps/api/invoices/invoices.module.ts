import { Module } from '@nestjs/common';
import { ClosingController } from './closing.controller.js';
import { DocumentsController } from './documents.controller.js';
import { InvoicesController } from './invoices.controller.js';

@Module({ controllers: [InvoicesController, ClosingController, DocumentsController] })
export class InvoicesModule {}
