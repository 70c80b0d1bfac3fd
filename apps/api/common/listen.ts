import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ApiSettings } from './settings.js';

/** @throws {Error} saying what to set, when the port is taken */
export const listen = async (
  app: NestExpressApplication,
  { host, port }: Pick<ApiSettings, 'host' | 'port'>,
): Promise<void> => {
  try {
    await app.listen(port, host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken. Stop what uses it, or set PORT to another.`, { cause: error });
  }
};
