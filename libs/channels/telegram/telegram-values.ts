import { at } from '#channels/http/http-outcome.js';

/** @returns undefined where there is no text, or none of any length */
export const textAt = (told: unknown, ...path: string[]): string | undefined => {
  const value = at(told, ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Ids have up to 52 bits (Bot API): a number holds each exactly. */
export const idAt = (told: unknown, ...path: string[]): string | undefined => {
  const value = at(told, ...path);
  return Number.isSafeInteger(value) ? String(value) : undefined;
};
