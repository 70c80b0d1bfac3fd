import { Module } from '@nestjs/common';
import { ProviderWebhooksController } from './provider-webhooks.controller.js';

@Module({ controllers: [ProviderWebhooksController] })
export class ProviderWebhooksModule {}
