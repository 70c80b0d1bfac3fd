import type { DataSource } from 'typeorm';
import type { ChannelRegistry } from '#channels/registry.js';
import type { WorkingCalendar } from '#domain/working-days.js';

/** An event and its counts: ids and codes, nothing about a person. */
export type LimitLog = (event: string, detail: Record<string, unknown>) => void;

/** What the engine's activities need. */
export interface EngineDeps {
  /** Of the role `app`. */
  dataSource: DataSource;
  channels: ChannelRegistry;
  calendar: WorkingCalendar;
  /** Hears of breakers and blocked senders. */
  log?: LimitLog;
  /** Where the API is reached from outside: what links in letters begin with. Without it they carry none. */
  publicUrl?: string;
  /** `TIMING` unless given. */
  timing?: Timing;
  /** Waits before each look at what became of an unknown message; `LOOKS_MS` unless given. */
  looksMs?: readonly number[];
}

/** In milliseconds of real time. */
export interface Timing {
  /** The longest one call to a provider may take. */
  providerTimeoutMs: number;
  /** How long a contact belongs to the execution that inserted it. Longer than its call may take. */
  leaseMs: number;
  /** After lease and grace nobody can still be calling, so the contact's outcome is unknown. */
  graceMs: number;
  /**
   * How long what was seen of an emergency stop is believed. Between the ledger's row and the call there is nothing but a commit; a
   * process that was slower than this looks again.
   */
  stopSeenMs: number;
}

export const TIMING: Timing = { providerTimeoutMs: 10_000, leaseMs: 20_000, graceMs: 5_000, stopSeenMs: 250 };
