import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether somebody knows a secret; how long the answer takes says nothing of it, its length included. */
export const isSameSecret = (given: string | undefined | null, secret: string): boolean =>
  typeof given === 'string' && timingSafeEqual(hashOf(given), hashOf(secret));

const hashOf = (value: string): Buffer => createHash('sha256').update(value).digest();
