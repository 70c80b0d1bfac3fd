import { Module } from '@nestjs/common';
import { CallsController } from './calls.controller.js';
import { TasksController } from './tasks.controller.js';

@Module({ controllers: [CallsController, TasksController] })
export class TasksModule {}
