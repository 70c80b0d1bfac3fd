import type { Instant } from './instant.js';

/** A stretch of time over which a zone keeps one offset from UTC. Milliseconds; `to` is exclusive. */
export interface OffsetSegment {
  /** The clock change that began it, or the edge of the stored block. */
  from: Instant;
  to: Instant;
  /** Local time minus UTC. */
  offset: number;
}

/**
 * Offsets are read from Intl (ICU's copy of the IANA tz database) once a block and kept. A block of six days is
 * shorter than any two clock changes that cancel each other out are apart, so equal ends mean that nothing changed.
 */
const BLOCK = 6 * 86_400_000;
const MAX_BLOCKS = 20_000;

interface Zone {
  formatter: Intl.DateTimeFormat;
  blocks: Map<number, OffsetSegment[]>;
}

const zones = new Map<string, Zone>();

/** Whether the name is a zone of the IANA tz database, `Europe/Madrid`. Fixed offsets (`+02:00`) are not. */
export function isZone(name: string): boolean {
  return zones.has(name) || openZone(name) !== null;
}

/**
 * Milliseconds to add to UTC to get the local time of a zone at an instant.
 *
 * @throws RangeError when the zone is unknown.
 */
export const offsetAt = (instant: Instant, zone: string): number => segmentAt(instant, zone).offset;

/**
 * The stretch of constant offset around an instant, cut at the edges of a block.
 *
 * @throws RangeError when the zone is unknown, or the instant is none that a Date can hold.
 */
export function segmentAt(instant: Instant, zoneName: string): OffsetSegment {
  const zone = zones.get(zoneName) ?? requireZone(zoneName);
  const index = Math.floor(instant / BLOCK);
  for (const segment of zone.blocks.get(index) ?? readBlock(zone, index)) {
    if (instant < segment.to) return segment;
  }
  throw new RangeError(`${instant} is no instant; write milliseconds since 1970-01-01T00:00:00Z`);
}

function requireZone(name: string): Zone {
  const zone = openZone(name);
  if (!zone) throw new RangeError(`"${name}" is no time zone; write an IANA name like Europe/Madrid`);
  return zone;
}

function openZone(name: string): Zone | null {
  if (!/^[A-Za-z]/.test(name)) return null;
  const formatter = formatterOf(name);
  if (!formatter) return null;
  const zone: Zone = { formatter, blocks: new Map() };
  zones.set(name, zone);
  return zone;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat | null {
  const numeric = 'numeric';
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', era: 'short',
      year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric,
    }); // prettier-ignore
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readBlock(zone: Zone, index: number): OffsetSegment[] {
  if (zone.blocks.size >= MAX_BLOCKS) zone.blocks.clear();
  const end = (index + 1) * BLOCK;
  const last = readOffset(zone, end - 1);
  const segments: OffsetSegment[] = [];
  for (let from = index * BLOCK; from < end;) {
    const offset = readOffset(zone, from);
    const to = offset === last ? end : firstChange(zone, from, end - 1, offset);
    segments.push({ from, to, offset });
    from = to;
  }
  zone.blocks.set(index, segments);
  return segments;
}

/** Bisects for a clock change between two instants of different offset; changes fall on whole seconds. */
function firstChange(zone: Zone, from: Instant, until: Instant, offset: number): Instant {
  let before = Math.floor(from / 1000);
  let after = Math.ceil(until / 1000);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (readOffset(zone, middle * 1000) === offset) before = middle;
    else after = middle;
  }
  return after * 1000;
}

function readOffset({ formatter }: Zone, instant: Instant): number {
  const wholeSecond = Math.floor(instant / 1000) * 1000;
  const field: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatter.formatToParts(wholeSecond)) field[type] = value;
  const year = field.era?.startsWith('B') ? 1 - Number(field.year) : Number(field.year);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(field.month) - 1, Number(field.day));
  local.setUTCHours(Number(field.hour), Number(field.minute), Number(field.second));
  return local.getTime() - wholeSecond;
}
