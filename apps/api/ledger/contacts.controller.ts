import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { type Command, run } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { type Page, pageOf, pageQuery } from '../common/pagination.js';
import { reference } from '../common/query-fields.js';
import { rebuildMessage } from './contact-message.js';
import { type ContactFilter, getContact, listContacts } from './contacts.queries.js';
import {
  contactDetailResource,
  type ContactDetailResource,
  contactResource,
  type ContactResource,
} from './ledger.schemas.js';

const contactQuery = z.strictObject({
  ...pageQuery,
  customer: reference,
  invoice: reference,
  state: contactResource.shape.state.optional(),
  medium: contactResource.shape.medium.optional(),
  delivery: contactResource.shape.delivery.unwrap().optional(),
  resolution: contactResource.shape.resolution.unwrap().optional(),
});

@Controller('contacts')
export class ContactsController {
  @Get()
  @Operation({ summary: 'List messages, newest first', allow: ['viewer'], returns: pageOf(contactResource) })
  list(@Query({ schema: contactQuery }) query: ContactFilter): Command<Page<ContactResource>> {
    return run((scope) => listContacts(scope, query));
  }

  @Get(':id')
  @Operation({
    summary: 'A message with exactly what went out',
    allow: ['viewer'],
    returns: contactDetailResource,
  })
  get(@Param('id') id: string): Command<ContactDetailResource> {
    return run((scope) => getContact(scope, id));
  }

  @Get(':id/message.eml')
  @Operation({
    summary: 'An e-mail as it was handed over',
    description:
      'By SMTP and in the outbox, byte for byte. SendGrid composes the message of the same parts itself: what is given here is ' +
      'the same message as SMTP would have got it.',
    allow: ['viewer'],
    produces: 'message/rfc822',
  })
  message(@Param('id') id: string): Command<StreamableFile> {
    return run(async (scope) => {
      const content = await rebuildMessage(scope, id);
      return new StreamableFile(content, {
        type: 'message/rfc822',
        disposition: 'attachment; filename="message.eml"',
      });
    });
  }
}
