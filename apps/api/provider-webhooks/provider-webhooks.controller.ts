import { Controller, Inject, Param, Post, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import type { WebhookReader, WebhookReading, WebhookRequest } from '#channels/receipt.js';
import { storeInbound } from '#engine/inbound/index.js';
import { storeReceipts } from '#engine/receipts/index.js';
import type { Logger } from '#observability/logger.js';
import type { ApiRequest } from '../common/api-request.js';
import { Consumes } from '../common/content-type.guard.js';
import { Database } from '../common/database.js';
import { Operation } from '../common/operation.js';
import { Problem } from '../common/problem.js';
import { readBody } from '../common/read-body.js';
import { LOGGER, SETTINGS } from '../common/settings.js';
import type { ApiSettings } from '../common/settings.js';
import { Turnstile } from './turnstile.js';

/** More than any provider sends at once. */
const BODY_LIMIT = 5_000_000;
/** Letters in memory at a time; the others wait, unread. */
const LARGE_AT_ONCE = 4;

const taken = z
  .object({
    stored: z.int().meta({ description: 'New ones' }),
    repeated: z.int().meta({ description: 'Told before' }),
    ignored: z.int().meta({
      description:
        'Of kinds that nothing is made of, of messages that are not in the ledger, or of no organisation',
    }),
  })
  .meta({ id: 'WebhookTaken' });
type Taken = z.output<typeof taken>;

/** Where providers tell what became of messages. Nobody has a key here: what counts is the provider's signature. */
@Controller({ path: 'webhooks/:provider', version: VERSION_NEUTRAL })
export class ProviderWebhooksController {
  private readonly large = new Turnstile(LARGE_AT_ONCE);

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post()
  @Consumes('*/*')
  @ApiBody({ schema: { type: 'string', format: 'binary' }, description: 'As the provider sends it' })
  @Operation({
    summary: 'Take what a provider tells of messages, and what people write',
    description:
      'For SendGrid, SendGrid’s incoming mail, Twilio and Telegram. The signature is checked over the bytes as they came; what is not signed is refused (401) and ' +
      'nothing of it is kept. Answered only once everything is stored, Twilio by an empty TwiML (text/xml) instead of the counts; told again, it changes nothing.',
    allow: 'public',
    safe: true,
    returns: taken,
  })
  async take(
    @Param('provider') name: string,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Taken | string> {
    const reader = this.settings.webhooks?.find(({ provider }) => provider === name);
    if (!reader) throw new Problem('not-found', `No webhook of "${name}" is configured.`);
    const reading = await this.read(reader, request);
    if (reading.kind === 'refused') {
      this.logger.warn({ provider: name, reason: reading.reason }, 'A webhook was refused.');
      if (reading.reason === 'unreadable') throw new Problem('malformed-body', 'The body cannot be read.');
      throw new Problem('unauthenticated', 'The request is not signed by the provider, or too old.');
    }
    const { app, system } = this.database;
    const receipts = await storeReceipts(app, reader.receiptsOf ?? name, reading.receipts);
    const inbound = await storeInbound({ app, system }, name, reading);
    if (reader.answer) {
      response.type(reader.answer.contentType);
      return reader.answer.body;
    }
    return {
      stored: receipts.stored + inbound.stored,
      repeated: receipts.repeated + inbound.repeated,
      ignored: reading.ignored + receipts.strange + inbound.strange,
    };
  }

  /** A letter may be large: few of those are in memory at a time, and none that is refused whatever it holds. */
  private async read(reader: WebhookReader, request: ApiRequest): Promise<WebhookReading> {
    const head = this.headOf(request);
    if (reader.refusesUnread?.(head)) return { kind: 'refused', reason: 'signature' };
    const { bodyLimit = BODY_LIMIT } = reader;
    const take = async (): Promise<WebhookReading> =>
      reader.read({ ...head, body: await readBody(request, bodyLimit) }, Date.now());
    return bodyLimit > BODY_LIMIT ? this.large.run(take) : take();
  }

  private headOf(request: ApiRequest): Omit<WebhookRequest, 'body'> {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.join(', ') : value,
      ]),
    );
    return { url: `${this.settings.publicUrl ?? ''}${request.originalUrl}`, headers };
  }
}
