import { Controller, Get, Param, Post, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Response } from 'express';
import { readPreferring, savePreferences } from '#engine/preferences/index.js';
import type { ApiRequest } from '../common/api-request.js';
import { Consumes } from '../common/content-type.guard.js';
import { Database } from '../common/database.js';
import { Operation } from '../common/operation.js';
import { readBody } from '../common/read-body.js';
import { withLinked } from './linked-contact.js';
import { sendPage } from './page.js';
import { choiceIn, preferencesPage, shownText } from './preferences-page.js';
import { gonePage } from './words.js';

const BODY_LIMIT = 10_000;
const HTML = 'text/html';

/** Where a recipient chooses how to be written to, and what for. Whoever follows links (scanners do) changes nothing by it. */
@Controller({ path: 'p/:token', version: VERSION_NEUTRAL })
export class PreferencesController {
  constructor(private readonly database: Database) {}

  @Get()
  @Operation({
    summary: 'Show how a recipient may be written to',
    description: 'A page with a form, in their language. Looking at it changes nothing.',
    allow: 'public',
    produces: HTML,
  })
  async show(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const page = await withLinked(this.database.app, 'preferences', token, async (scope, contact) => {
      const person = await readPreferring(scope, contact.contactId);
      const { creditor } = contact;
      return person && preferencesPage({ person, creditor, preferences: person.preferences });
    });
    sendPage(response, page ? 200 : 404, page ?? gonePage());
  }

  @Post()
  @Consumes('*/*')
  @ApiBody({ description: 'What the form of the page sends', schema: { type: 'string' } })
  @Operation({
    summary: 'Save how a recipient wants to be written to',
    description:
      'Without a key, cookies or redirects. A form that is not that of the page changes nothing. Legal notices go on.',
    allow: 'public',
    safe: true,
    produces: HTML,
  })
  async save(
    @Param('token') token: string,
    @Req() request: ApiRequest,
    @Res() response: Response,
  ): Promise<void> {
    const body = (await readBody(request, BODY_LIMIT)).toString('utf8');
    const page = await withLinked(this.database.app, 'preferences', token, async (scope, contact) => {
      const { contactId, creditor } = contact;
      const person = await readPreferring(scope, contactId);
      if (!person) return null;
      const view = { person, creditor, preferences: person.preferences };
      const choice = choiceIn(body, view);
      if (!choice) return preferencesPage(view);
      const saved = await savePreferences(scope, choice, { contactId, text: shownText(view, choice) });
      return saved && preferencesPage({ ...view, preferences: saved.after, before: saved.before });
    });
    sendPage(response, page ? 200 : 404, page ?? gonePage());
  }
}
