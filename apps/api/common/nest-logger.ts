import type { LoggerService } from '@nestjs/common';
import type { Logger } from '#observability/logger.js';

/** The framework's own messages in our log; its lines about each route and module only when debugging. */
export const nestLogger = (logger: Logger): LoggerService => {
  const at =
    (level: 'debug' | 'warn' | 'error' | 'fatal' | 'trace') =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = rest.at(-1);
      const facts = message instanceof Error ? { err: message } : {};
      logger[level]({ ...facts, context }, message instanceof Error ? message.name : String(message));
    };
  return {
    log: at('debug'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    debug: at('debug'),
    verbose: at('trace'),
  };
};
