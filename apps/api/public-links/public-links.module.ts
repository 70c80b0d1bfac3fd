import { Module } from '@nestjs/common';
import { ConsentLinkController } from './consent-link.controller.js';
import { DocumentLinkController } from './document-link.controller.js';
import { UnsubscribeController } from './unsubscribe.controller.js';

@Module({ controllers: [ConsentLinkController, DocumentLinkController, UnsubscribeController] })
export class PublicLinksModule {}
