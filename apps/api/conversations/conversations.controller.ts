import { Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { telegramLink } from '#engine/inbound/index.js';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf } from '../common/pagination.js';
import { Problem } from '../common/problem.js';
import { idOf } from '../common/reference.js';
import { SETTINGS } from '../common/settings.js';
import type { ApiSettings } from '../common/settings.js';
import { readConversation } from './conversations.queries.js';
import {
  conversationEntry,
  type ConversationEntry,
  conversationQuery,
  type ConversationQuery,
  telegramLinkResource,
  type TelegramLinkResource,
} from './conversations.schemas.js';

@Controller('customers/:id')
export class ConversationsController {
  constructor(@Inject(SETTINGS) private readonly settings: ApiSettings) {}

  @Get('conversation')
  @Operation({
    summary: 'What was written to a customer and what they wrote, in order',
    allow: ['viewer'],
    returns: pageOf(conversationEntry),
  })
  conversation(
    @Param('id') id: string,
    @Query({ schema: conversationQuery }) query: ConversationQuery,
  ): Command<Page<ConversationEntry>> {
    return run((scope) => readConversation(scope, id, query));
  }

  @Post('people/:person/telegram-link')
  @Operation({
    summary: 'A link by which a person opens a chat with the bot',
    description:
      'Give it to nobody but them: the chat that is opened by it becomes their contact point. `:person` is their external id. ' +
      'The same link each time.',
    allow: ['agent'],
    safe: true,
    returns: telegramLinkResource,
  })
  link(@Param('id') id: string, @Param('person') person: string): Command<TelegramLinkResource> {
    return run(async (scope) => {
      const customerId = await idOf(scope, 'customer', id);
      const bot = this.settings.telegramBot;
      if (bot === undefined)
        throw new Problem('conflict', 'No bot of Telegram is configured.', {
          remedy: 'Set TELEGRAM_BOT_NAME where the API runs.',
        });
      const link = await telegramLink(scope, bot, customerId, person);
      if (link === null) throw new Problem('not-found', `The customer has no contact person ${person}.`);
      return { link };
    });
  }
}
