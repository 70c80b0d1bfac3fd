import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { WebhookRequest } from '#channels/receipt.js';
import type { Instant } from '#domain/instant.js';

const AHEAD_MS = 10 * 60_000;
const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';

/** @param what names the key in the error @throws Error when it is none */
export function sendgridKey(what: string, verificationKey: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(verificationKey, 'base64'), format: 'der', type: 'spki' });
  } catch {
    throw new Error(`sendgrid: ${what} is no public key; copy the one that SendGrid shows for it`);
  }
}

/** Why a request is not believed; null when it is. Events and incoming mail are signed alike: ECDSA over P-256. */
export function refusalOfSendgrid(
  { headers, body }: WebhookRequest,
  key: KeyObject,
  { now, oldestMs }: { now: Instant; oldestMs: number },
): 'signature' | 'too_old' | null {
  const [signature, timestamp] = [headers[SIGNATURE], headers[TIMESTAMP]];
  if (!signature || !timestamp) return 'signature';
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64'))) return 'signature';
  const sentAt = Number(timestamp) * 1_000;
  return sentAt >= now - oldestMs && sentAt <= now + AHEAD_MS ? null : 'too_old';
}
