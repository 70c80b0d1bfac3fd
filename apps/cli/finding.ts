/** What a check of `doctor` found. */
export interface Finding {
  what: string;
  state: 'ok' | 'warning' | 'failed';
  detail: string;
  /** What to do; null when nothing. */
  remedy: string | null;
}

export const ok = (what: string, detail: string): Finding => ({ what, state: 'ok', detail, remedy: null });

export const warning = (what: string, detail: string, remedy: string): Finding => ({
  what,
  state: 'warning',
  detail,
  remedy,
});

export const failed = (what: string, detail: string, remedy: string): Finding => ({
  what,
  state: 'failed',
  detail,
  remedy,
});
