import type HolidaysOf from 'date-holidays';
import type { LocalDate } from './instant.js';
import { addDays } from './local-time.js';
import type { HolidayLookup } from './working-days.js';

type HolidaysClass = typeof HolidaysOf;

/**
 * Public holidays of a country and region, from the package date-holidays (types `public` only; substitute days
 * included; half days count as working days). A country or region it does not know has no holidays of its own.
 *
 * The package takes some 150 ms and a megabyte to load, so it is loaded by this call alone. Import this file from
 * the engine, never from the planner or a workflow: the bundle would carry every holiday of the world.
 */
export async function loadPublicHolidays(): Promise<HolidayLookup> {
  const { default: Holidays } = await import('date-holidays');
  const places = new Map<string, PlaceHolidays>();
  return (date, country, region) => {
    if (!country) return false;
    const key = `${country}/${region ?? ''}`;
    let place = places.get(key);
    if (!place) places.set(key, (place = new PlaceHolidays(Holidays, country, region)));
    return place.has(date);
  };
}

/** The holidays of one place, read a year at a time as they are asked for. */
class PlaceHolidays {
  private readonly source: HolidaysOf;
  private readonly years = new Set<number>();
  private readonly dates = new Set<LocalDate>();

  constructor(Holidays: HolidaysClass, country: string, region: string | null) {
    const code = country.toUpperCase();
    const subdivision = region?.toUpperCase().replace(`${code}-`, '') ?? '';
    this.source = new Holidays(code, subdivision, { types: ['public'] });
  }

  has(date: LocalDate): boolean {
    const year = Number(date.slice(0, 4));
    this.read(year);
    if (date.startsWith('-01-', 4)) this.read(year - 1);
    return this.dates.has(date);
  }

  private read(year: number): void {
    if (this.years.has(year)) return;
    this.years.add(year);
    for (const { date, start, end } of this.source.getHolidays(year)) {
      const first = date.slice(0, 10);
      const days = wholeDays(end.getTime() - start.getTime());
      for (let day = 0; day < days; day++) this.dates.add(addDays(first, day));
    }
  }
}

/** Whole days of a holiday: a clock change may take an hour of one, and an eve counted in from noon is not one. */
const wholeDays = (ms: number): number => Math.floor((ms / 3_600_000 + 1.5) / 24);
