import { Module } from '@nestjs/common';
import { Founding } from './founding.js';
import { OrganisationsController } from './organisations.controller.js';

@Module({ controllers: [OrganisationsController], providers: [Founding] })
export class OrganisationsModule {}
