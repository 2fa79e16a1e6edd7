// Estimates the time left of an import. Pure. No estimate is made from less than two seconds of progress.
import { text } from '../strings';
import { formatNumber } from './format';
import { HOUR, MINUTE, SECOND } from './time';

/** The bytes read at an instant. */
export interface ReadProgress {
  at: number;
  bytes: number;
}

const MIN_SAMPLE = 2 * SECOND;

/** Estimates are rounded to 5 seconds: a figure that changes every second is unreadable. */
const ROUNDING_STEP = 5 * SECOND;

/** Returns the milliseconds until all bytes are read; null if there is no estimate yet. */
export function estimateTimeLeft(first: ReadProgress, latest: ReadProgress, totalBytes: number): number | null {
  const [elapsed, bytesRead] = [latest.at - first.at, latest.bytes - first.bytes];
  if (elapsed < MIN_SAMPLE || bytesRead <= 0) return null;
  return Math.max(0, totalBytes - latest.bytes) * (elapsed / bytesRead);
}

/** Formats a duration in one unit, rounded up. */
export function formatRoughDuration(milliseconds: number): string {
  const seconds = (Math.max(1, Math.ceil(milliseconds / ROUNDING_STEP)) * ROUNDING_STEP) / SECOND;
  if (seconds < 60) return text.app.importing.seconds(formatNumber(seconds));
  if (milliseconds < HOUR) return text.app.importing.minutes(formatNumber(Math.ceil(milliseconds / MINUTE)));
  return text.app.importing.hours(formatNumber(Math.ceil(milliseconds / HOUR)));
}
