import { Controller, Get, Param, Post, Res, VERSION_NEUTRAL } from '@nestjs/common';
import type { Response } from 'express';
import { confirmationState, confirmConsent } from '#engine/facts/index.js';
import { Consumes } from '../common/content-type.guard.js';
import { Database } from '../common/database.js';
import { Operation } from '../common/operation.js';
import { type LinkedContact, withLinked } from './linked-contact.js';
import { maskedAddress } from './masked-address.js';
import { type Page, sendPage } from './page.js';
import { gonePage, pageWords } from './words.js';

const HTML = 'text/html';

/** Where the owner of an address confirms a consent. Whoever follows links (scanners do) confirms nothing by it. */
@Controller({ path: 'c/:token', version: VERSION_NEUTRAL })
export class ConsentLinkController {
  constructor(private readonly database: Database) {}

  @Get()
  @Operation({
    summary: 'Show what a recipient can confirm',
    description: 'A page with a button, for seven days after the message. Looking at it confirms nothing.',
    allow: 'public',
    produces: HTML,
  })
  async show(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const page = await withLinked(this.database.app, 'consent', token, async (scope, contact) => {
      const state = await confirmationState(scope, contact);
      return state === 'waits' ? asked(contact) : state === 'confirmed' ? confirmed(contact) : null;
    });
    sendPage(response, page ? 200 : 404, page ?? gonePage());
  }

  @Post()
  @Consumes('*/*')
  @Operation({
    summary: 'Confirm that messages may be sent to the recipient of a message',
    description: 'Without a key, cookies or redirects. Again, it changes nothing.',
    allow: 'public',
    safe: true,
    produces: HTML,
  })
  async confirm(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const page = await withLinked(this.database.app, 'consent', token, async (scope, contact) => {
      const { medium } = contact.snapshot;
      const { heading, paragraphs, button } = asked(contact);
      const shown = [heading, ...paragraphs, `[${button?.label ?? ''}]`].join('\n');
      const isDone = await confirmConsent(scope, { ...contact, medium, shown });
      return isDone ? confirmed(contact) : null;
    });
    sendPage(response, page ? 200 : 404, page ?? gonePage());
  }
}

const fill = (sentence: string, { snapshot, creditor }: LinkedContact): string =>
  sentence
    .replace('{medium}', () => pageWords(snapshot.locale).media[snapshot.medium])
    .replace('{address}', () => maskedAddress(snapshot.to.address))
    .replace('{creditor}', () => creditor);

function asked(contact: LinkedContact): Page {
  const { locale, consent } = pageWords(contact.snapshot.locale);
  return {
    locale,
    heading: consent.heading,
    paragraphs: [fill(consent.what, contact)],
    quiet: consent.otherwise,
    button: { label: consent.confirm, action: 'confirm' },
  };
}

function confirmed(contact: LinkedContact): Page {
  const { locale, consent } = pageWords(contact.snapshot.locale);
  return { locale, heading: consent.doneHeading, paragraphs: [fill(consent.done, contact)] };
}
