import { Module } from '@nestjs/common';
import { DocumentLinkController } from './document-link.controller.js';
import { UnsubscribeController } from './unsubscribe.controller.js';

@Module({ controllers: [DocumentLinkController, UnsubscribeController] })
export class PublicLinksModule {}
