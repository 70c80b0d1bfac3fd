import type { FactoryProvider } from '@nestjs/common';
import { loadPublicHolidays } from '#domain/holidays.js';
import { holidayCalendar, type WorkingCalendar } from '#domain/working-days.js';

export const CALENDAR = Symbol('WorkingCalendar');

/** The same calendar that the worker plans by. */
export const calendarProvider: FactoryProvider<WorkingCalendar> = {
  provide: CALENDAR,
  useFactory: async () => holidayCalendar(await loadPublicHolidays()),
};
