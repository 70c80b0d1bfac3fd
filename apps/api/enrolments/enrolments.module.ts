import { Module } from '@nestjs/common';
import { Enrolling } from './enrolling.js';
import { EnrolmentsController } from './enrolments.controller.js';

@Module({ controllers: [EnrolmentsController], providers: [Enrolling] })
export class EnrolmentsModule {}
