// How long reading will still take, from what was read since it was first seen. Pure: the instants are arguments.
// It refuses to guess early: a rate of less than two seconds says nothing.
import { exact } from '../format';
import { text } from '../text';
import { HOUR, MINUTE, SECOND } from '../time';

/** How much was read at an instant. */
export interface Read {
  at: number;
  bytes: number;
}

const ENOUGH = 2 * SECOND;

/** A figure that changes each second is not read; five seconds are as fine as a guess may be. */
const STEP = 5 * SECOND;

/** The milliseconds until all bytes are read; null while nobody can tell. */
export function timeLeft(first: Read, latest: Read, all: number): number | null {
  const [took, read] = [latest.at - first.at, latest.bytes - first.bytes];
  if (took < ENOUGH || read <= 0) return null;
  return Math.max(0, all - latest.bytes) * (took / read);
}

/** In the unit that says enough, rounded up. */
export function roughly(milliseconds: number): string {
  const seconds = (Math.max(1, Math.ceil(milliseconds / STEP)) * STEP) / SECOND;
  if (seconds < 60) return text.importing.seconds(exact(seconds));
  if (milliseconds < HOUR) return text.importing.minutes(exact(Math.ceil(milliseconds / MINUTE)));
  return text.importing.hours(exact(Math.ceil(milliseconds / HOUR)));
}
