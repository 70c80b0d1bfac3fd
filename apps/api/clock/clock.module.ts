import { Module } from '@nestjs/common';
import { ClockController } from './clock.controller.js';
import { TestClock } from './clock.service.js';

@Module({ controllers: [ClockController], providers: [TestClock] })
export class ClockModule {}
