import type { RefusalReason, Refused } from '#contracts/schemas/index.js';

/**
 * An expected failure: nothing of this input was written.
 *
 * @param message reads `what is wrong; what to do`
 */
export const refused = (
  externalId: string,
  reason: RefusalReason,
  field: string,
  message: string,
): Refused => ({
  externalId,
  result: 'refused',
  reason,
  field,
  message,
});

export const isRefused = (value: object): value is Refused => 'result' in value && value.result === 'refused';
