import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { readConfig } from '#config/config.js';
import { createLogger } from '#observability/logger.js';
import { EngineService } from './engine.service.js';
import { WorkerModule } from './worker.module.js';

/** How long a worker that failed may take to let go of everything. */
const CLOSE_MS = 10_000;

const main = async (): Promise<void> => {
  const config = readConfig();
  const logger = createLogger({ name: 'worker', level: config.logLevel, pretty: process.stdout.isTTY });
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config, logger), {
    logger: false,
  });
  // Asked to stop and done with it: that is success, and not the signal's own end.
  app.enableShutdownHooks([], { useProcessExit: true });
  try {
    const { stopped } = await app.get(EngineService).start();
    logger.info('worker ready');
    process.send?.('ready');
    await stopped;
  } catch (error) {
    logger.error({ err: error }, 'The worker failed; it stops.');
    const closed = app
      .close()
      .catch((err: unknown) => logger.error({ err }, 'It could not let go of everything.'));
    await Promise.race([closed, sleep(CLOSE_MS)]);
    throw error;
  }
};

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // What is still open, as connections to Temporal, would keep a process alive that does nothing any more.
  process.exit(1);
}
