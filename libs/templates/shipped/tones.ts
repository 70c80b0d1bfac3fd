import type { Tone } from '#domain/campaign/document.js';

const TONES: Readonly<Record<string, Tone>> = {
  'heads-up': 'friendly',
  'due-today': 'friendly',
  overdue: 'neutral',
  'second-notice': 'neutral',
  'final-notice': 'firm',
  'thank-you': 'friendly',
};

/** How a shipped template speaks; undefined of what is no message of a ladder. */
export const toneOfShipped = (key: string): Tone | undefined => TONES[key];
