/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z. Never a local time. */
export type Instant = number;

/** A calendar day without a zone, `YYYY-MM-DD`. */
export type LocalDate = string;

/** A wall-clock time without a zone, `HH:MM`. */
export type LocalTime = string;

/** ISO 8601 text in UTC of an instant, without milliseconds when they are zero: `2013-01-29T15:00:00Z`. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

/** @throws RangeError when the text is no instant with an offset (`2013-01-29T15:00:00Z`). */
export function parseInstant(text: string): Instant {
  const instant = Date.parse(text);
  if (Number.isNaN(instant) || !/(Z|[+-]\d\d:?\d\d)$/i.test(text)) {
    throw new RangeError(`"${text}" is not an instant; write it like 2013-01-29T15:00:00Z`);
  }
  return instant;
}
