import { z } from 'zod';
import { text } from '#contracts/schemas/scalars.js';

export const pauseInput = z
  .strictObject({ reason: text(500).meta({ description: 'For whoever wonders why nothing goes out' }) })
  .meta({ description: 'Why it is paused' });

export const resumeInput = z
  .strictObject({ reason: text(500).optional() })
  .meta({ description: 'Why it goes on, for the record' });

export type PauseInput = z.output<typeof pauseInput>;
export type ResumeInput = z.output<typeof resumeInput>;
