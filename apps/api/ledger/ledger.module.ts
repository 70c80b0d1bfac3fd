import { Module } from '@nestjs/common';
import { AttemptsController } from './attempts.controller.js';
import { ContactsController } from './contacts.controller.js';
import { LedgerSummaryController } from './summary.controller.js';

@Module({ controllers: [ContactsController, AttemptsController, LedgerSummaryController] })
export class LedgerModule {}
