import { Module } from '@nestjs/common';
import { CustomersController } from './customers.controller.js';
import { PrivacyController } from './privacy.controller.js';

@Module({ controllers: [CustomersController, PrivacyController] })
export class CustomersModule {}
