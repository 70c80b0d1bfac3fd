import { Module } from '@nestjs/common';
import { ConversationsController } from './conversations.controller.js';
import { InboundMessagesController } from './inbound-messages.controller.js';

@Module({ controllers: [ConversationsController, InboundMessagesController] })
export class ConversationsModule {}
