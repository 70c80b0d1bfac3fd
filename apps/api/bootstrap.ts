import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from '#observability/logger.js';
import { AppModule } from './app.module.js';
import { introduceRequest } from './common/api-request.js';
import { Database } from './common/database.js';
import { listen } from './common/listen.js';
import { nestLogger } from './common/nest-logger.js';
import { serveDocument } from './common/openapi/document.js';
import { logRequests } from './common/request-log.js';
import type { ApiSettings } from './common/settings.js';

const BODY_LIMIT = '1mb';

/** For the whole body: an import takes as long as the file is. */
const REQUEST_TIMEOUT_MS = 3_600_000;

/** JSON, but for what providers send: their signatures are over the bytes as they came. */
const isParsed = (request: IncomingMessage): boolean =>
  (request as Request).is('application/json') !== false && !request.url?.startsWith('/webhooks/');

/** The API, wired but not listening and not connected. */
export const createApi = async (settings: ApiSettings, logger: Logger): Promise<NestExpressApplication> => {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings, logger), {
    logger: nestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(introduceRequest, logRequests(logger));
  app.useBodyParser('json', { limit: BODY_LIMIT, strict: false, type: isParsed });
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.getHttpServer().requestTimeout = REQUEST_TIMEOUT_MS;
  serveDocument(app);
  return app;
};

export interface RunningApi {
  app: NestExpressApplication;
  /** Without a slash at its end. */
  url: string;
}

/** Connects and listens. Listens without a database too, and answers 503 until there is one. */
export const startApi = async (settings: ApiSettings, logger: Logger): Promise<RunningApi> => {
  const app = await createApi(settings, logger);
  app.enableShutdownHooks();
  try {
    await app.get(Database).start();
    await listen(app, settings);
    const url = (await app.getUrl()).replace('[::1]', 'localhost').replace('0.0.0.0', 'localhost');
    return { app, url };
  } catch (error) {
    // Otherwise the search for the database would keep the process alive.
    await app.close();
    throw error;
  }
};
