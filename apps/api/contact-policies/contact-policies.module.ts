import { Module } from '@nestjs/common';
import { ContactPoliciesController } from './contact-policies.controller.js';

@Module({ controllers: [ContactPoliciesController] })
export class ContactPoliciesModule {}
