import { Module } from '@nestjs/common';
import { CreditNotesController } from './credit-notes.controller.js';

@Module({ controllers: [CreditNotesController] })
export class CreditNotesModule {}
