import { Module } from '@nestjs/common';
import { ConsentLinkController } from './consent-link.controller.js';
import { DocumentLinkController } from './document-link.controller.js';
import { PreferencesController } from './preferences.controller.js';
import { UnsubscribeController } from './unsubscribe.controller.js';

@Module({
  controllers: [ConsentLinkController, DocumentLinkController, PreferencesController, UnsubscribeController],
})
export class PublicLinksModule {}
