import { Module } from '@nestjs/common';
import { AttemptsController } from './attempts.controller.js';
import { ContactsController } from './contacts.controller.js';

@Module({ controllers: [ContactsController, AttemptsController] })
export class LedgerModule {}
