import { Controller, Get, Param, Res, VERSION_NEUTRAL } from '@nestjs/common';
import type { Response } from 'express';
import { loadAttachments } from '#engine/documents.js';
import { Database } from '../common/database.js';
import { contentDisposition } from '../common/content-disposition.js';
import { Operation } from '../common/operation.js';
import { withLinked } from './linked-contact.js';
import { PRIVATE_HEADERS, sendPage } from './page.js';
import { gonePage } from './words.js';

/** How long a link to a document works, from when its message was decided on: longer than any ladder waits for an answer. */
const WORKS_FOR_MS = 90 * 86_400_000;

/** Where a letter's link to the invoice leads. */
@Controller({ path: 'd/:token', version: VERSION_NEUTRAL })
export class DocumentLinkController {
  constructor(private readonly database: Database) {}

  @Get()
  @Operation({
    summary: "Download the document that a recipient's letter links to",
    description: 'Without a key, for 90 days after the letter.',
    allow: 'public',
    produces: 'application/pdf',
  })
  async download(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const file = await withLinked(this.database.app, 'document', token, async (scope, contact) => {
      const { document } = contact.snapshot;
      if (!document || scope.now > contact.decidedAt + WORKS_FOR_MS) return null;
      const [found] = await loadAttachments(scope, document.id);
      return found ?? null;
    });
    if (!file) {
      sendPage(response, 404, gonePage());
      return;
    }
    response
      .status(200)
      .set({
        ...PRIVATE_HEADERS,
        'Content-Type': file.contentType,
        'Content-Disposition': contentDisposition(file.filename),
        'Content-Security-Policy': "default-src 'none'; sandbox",
      })
      .send(file.content);
  }
}
