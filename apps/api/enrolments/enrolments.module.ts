import { Module } from '@nestjs/common';
import { calendarProvider } from './calendar.js';
import { Enrolling } from './enrolling.js';
import { EnrolmentsController } from './enrolments.controller.js';

@Module({ controllers: [EnrolmentsController], providers: [calendarProvider, Enrolling] })
export class EnrolmentsModule {}
