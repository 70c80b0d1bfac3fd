import { createHash } from 'node:crypto';

/** As a receipt says which of a message's recipients it is about. */
export const recipientHash = (address: string): string =>
  createHash('sha256').update(address.toLowerCase()).digest('hex');
