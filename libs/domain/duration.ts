/**
 * An ISO 8601 duration: nominal calendar parts (years to days) and exact clock parts (hours to seconds). Every part
 * is a whole number of zero or more; `sign` applies to all of them. A zero duration has sign 1.
 */
export interface Duration {
  sign: 1 | -1;
  years: number;
  months: number;
  weeks: number;
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

const SYNTAX =
  /^([+-])?P(?=[\dT])(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/;

/**
 * Reads an ISO 8601 duration as a campaign file writes it: `-P3D`, `P1M`, `PT5S`, `P1DT2H`. Whole numbers only. The
 * leading sign is not in ISO 8601-1 but in 8601-2, XML Schema 1.1 (part 2, 3.3.6) and ECMAScript Temporal.
 *
 * @throws RangeError when the text is no such duration.
 */
export function parseDuration(text: string): Duration {
  const match = SYNTAX.exec(text);
  if (!match) throw new RangeError(`"${text}" is no duration; write it like P3D or -PT2H`);
  const part = (group: number): number => Number(match[group] ?? 0);
  return withSign(match[1] === '-' ? -1 : 1, {
    years: part(2),
    months: part(3),
    weeks: part(4),
    days: part(5),
    hours: part(6),
    minutes: part(7),
    seconds: part(8),
  });
}

/** Whether the text reads as a duration. */
export const isDuration = (text: string): boolean => SYNTAX.test(text);

/** Whether every part is zero. */
export const isZeroDuration = (duration: Duration): boolean =>
  !hasCalendarPart(duration) && !hasClockPart(duration);

/** Whether years, months, weeks or days are counted: such a duration needs a calendar and a zone. */
export const hasCalendarPart = ({ years, months, weeks, days }: Omit<Duration, 'sign'>): boolean =>
  years + months + weeks + days > 0;

/** Whether hours, minutes or seconds are counted. */
export const hasClockPart = ({ hours, minutes, seconds }: Omit<Duration, 'sign'>): boolean =>
  hours + minutes + seconds > 0;

/**
 * Whether the duration counts on the clock alone (hours, minutes, seconds), as `PT5S`. A zero duration does not: a
 * step at `P0D` keeps its local time, and on an instant both readings agree.
 */
export const isClockDuration = (duration: Duration): boolean =>
  hasClockPart(duration) && !hasCalendarPart(duration);

/**
 * Signed milliseconds of a duration without calendar parts.
 *
 * @throws RangeError when it counts days or longer, whose length depends on date and zone.
 */
export function durationMs(duration: Duration): number {
  if (hasCalendarPart(duration)) {
    throw new RangeError(
      `${formatDuration(duration)} counts days, which have no fixed length; write hours, minutes or seconds like PT24H`,
    );
  }
  return clockMs(duration);
}

/** Signed milliseconds of the clock parts alone: 7,200,000 for `P1DT2H`. */
export const clockMs = ({ sign, hours, minutes, seconds }: Duration): number =>
  sign * (hours * 3600 + minutes * 60 + seconds) * 1000 + 0;

/** Its length in days of a calendar's mean (a year 365.25, a month a twelfth of it), whatever its sign: to bound it. */
export const roughDays = ({ years, months, weeks, days, hours, minutes, seconds }: Duration): number =>
  years * 365.25 + months * 30.4375 + weeks * 7 + days + (hours * 3600 + minutes * 60 + seconds) / 86_400;

/** The same length in the other direction. */
export const negate = (duration: Duration): Duration => withSign(duration.sign === 1 ? -1 : 1, duration);

/** The shortest ISO 8601 text: `-P3D`, `P1DT2H`; `P0D` for zero. Parts are not carried over: `PT90M` stays. */
export function formatDuration(duration: Duration): string {
  const { years, months, weeks, days, hours, minutes, seconds } = duration;
  const join = (parts: [number, string][]): string =>
    parts.map(([n, unit]) => (n > 0 ? `${n}${unit}` : '')).join('');
  const date = join([[years, 'Y'], [months, 'M'], [weeks, 'W'], [days, 'D']]); // prettier-ignore
  const time = join([[hours, 'H'], [minutes, 'M'], [seconds, 'S']]); // prettier-ignore
  if (!date && !time) return 'P0D';
  return `${duration.sign < 0 ? '-' : ''}P${date}${time && `T${time}`}`;
}

function withSign(sign: 1 | -1, parts: Omit<Duration, 'sign'>): Duration {
  return { ...parts, sign: hasCalendarPart(parts) || hasClockPart(parts) ? sign : 1 };
}

/** Whether a text is a duration of more than nothing and so many days at most; a year counts 365 of them, a month 30. */
export function lastsAtMost(text: string, most: number): boolean {
  if (!isDuration(text)) return false;
  const { sign, years, months, weeks, days, hours, minutes, seconds } = parseDuration(text);
  const total = years * 365 + months * 30 + weeks * 7 + days + (hours * 60 + minutes + seconds / 60) / 1_440;
  return sign > 0 && total > 0 && total <= most;
}
