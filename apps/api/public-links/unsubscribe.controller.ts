import { Controller, Get, Param, Post, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Response } from 'express';
import type { ApiRequest } from '../common/api-request.js';
import { Consumes } from '../common/content-type.guard.js';
import { Database } from '../common/database.js';
import { Operation } from '../common/operation.js';
import { readBody } from '../common/read-body.js';
import { type LinkedContact, withLinked } from './linked-contact.js';
import { type Page, sendPage } from './page.js';
import { maskedAddress } from './masked-address.js';
import { resubscribe, unsubscribe } from './unsubscribe.js';
import { gonePage, pageWords } from './words.js';

const BODY_LIMIT = 10_000;
const HTML = 'text/html';

/** Where the link at the end of a letter leads. Whoever follows links (scanners do) changes nothing by it. */
@Controller({ path: 'u/:token', version: VERSION_NEUTRAL })
export class UnsubscribeController {
  constructor(private readonly database: Database) {}

  @Get()
  @Operation({
    summary: 'Show what a recipient can stop',
    description: 'A page with a button. Looking at it changes nothing.',
    allow: 'public',
    produces: HTML,
  })
  async show(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const page = await withLinked(this.database.app, 'unsubscribe', token, (_scope, contact) =>
      Promise.resolve(offered(contact)),
    );
    sendPage(response, page ? 200 : 404, page ?? gonePage());
  }

  @Post()
  @Consumes('*/*')
  @ApiBody({
    description:
      '`List-Unsubscribe=One-Click` of a mail program (RFC 8058), or what the button of the page sends',
    schema: { type: 'string' },
  })
  @Operation({
    summary: 'Stop reminders to the recipient of a message, or take that back',
    description: 'Without a key, cookies or redirects. Again, it changes nothing.',
    allow: 'public',
    safe: true,
    produces: HTML,
  })
  async act(
    @Param('token') token: string,
    @Req() request: ApiRequest,
    @Res() response: Response,
  ): Promise<void> {
    const body = await readBody(request, BODY_LIMIT);
    // A mail program's request never takes anything back: only the page's own button names an action.
    const action = new URLSearchParams(body.toString('utf8')).get('action');
    const page = await withLinked(this.database.app, 'unsubscribe', token, async (scope, contact) => {
      if (action === 'undo') await resubscribe(scope, contact);
      else await unsubscribe(scope, contact, action === null ? 'one_click' : 'page');
      return action === 'undo' ? takenBack(contact) : stopped(contact);
    });
    sendPage(response, page ? 200 : 404, page ?? gonePage());
  }
}

const fill = (sentence: string, { snapshot, creditor }: LinkedContact): string =>
  sentence
    .replace('{address}', () => maskedAddress(snapshot.to.address))
    .replace('{creditor}', () => creditor);

function offered(contact: LinkedContact): Page {
  const words = pageWords(contact.snapshot.locale);
  const { heading, what } = words[contact.purpose ?? 'reminder'];
  const button = { label: words.stop, action: 'stop' };
  return { locale: words.locale, heading, paragraphs: [fill(what, contact)], quiet: words.owed, button };
}

function stopped(contact: LinkedContact): Page {
  const words = pageWords(contact.snapshot.locale);
  const { done } = words[contact.purpose ?? 'reminder'];
  const button = { label: words.undo, action: 'undo', isSecond: true };
  const { locale, doneHeading: heading } = words;
  return { locale, heading, paragraphs: [fill(done, contact)], quiet: words.owed, button };
}

function takenBack(contact: LinkedContact): Page {
  const { locale, undoneHeading: heading, undone, stop } = pageWords(contact.snapshot.locale);
  const button = { label: stop, action: 'stop', isSecond: true };
  return { locale, heading, paragraphs: [fill(undone, contact)], button };
}
