import { Module } from '@nestjs/common';
import { RatingsController } from './ratings.controller.js';
import { SegmentsController } from './segments.controller.js';

@Module({ controllers: [SegmentsController, RatingsController] })
export class SegmentsModule {}
