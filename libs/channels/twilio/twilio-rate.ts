import type { Rate } from '#domain/limits.js';

/**
 * How fast Twilio passes on what one sender gives it ("Understanding Twilio Rate Limits and Message Queues", 2024): a long code of
 * the United States or Canada one a second, any other number or a name ten, a short code a hundred. More is queued there, for hours,
 * where nothing stops it any more. A messaging service spreads over numbers of its own.
 */
export function twilioRate(sender: string): Rate | null {
  if (sender.startsWith('MG')) return null;
  if (/^\d{3,6}$/.test(sender)) return { perSecond: 100 };
  return { perSecond: sender.startsWith('+1') ? 1 : 10 };
}
