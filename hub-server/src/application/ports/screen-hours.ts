/** Storage of when kiosks' screens are lit. */
import type { ScreenHoursSettings } from '@hailong/shared/protocol/screen-hours.ts';
import type { Who } from './instruments.ts';

export interface ScreenHoursPort {
  /** Exceptions by place, days by date. */
  settings(): Promise<ScreenHoursSettings>;
  /** Whole; a row of the log for each place and day that changed. `unknown`: no such unit or counter. */
  save(input: Who & { readonly settings: ScreenHoursSettings }): Promise<'saved' | 'unknown'>;
}
