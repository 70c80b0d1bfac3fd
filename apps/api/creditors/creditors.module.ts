import { Module } from '@nestjs/common';
import { CreditorsController } from './creditors.controller.js';

@Module({ controllers: [CreditorsController] })
export class CreditorsModule {}
