import { setTimeout as pause } from 'node:timers/promises';

/** Tries until it passes; fails with the last failure after `withinMs`. */
export const eventually = async (check: () => Promise<void>, withinMs = 30_000): Promise<void> => {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await pause(50);
    }
  }
};
