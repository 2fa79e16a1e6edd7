// How today stands against yesterday by this time of day, in words. Pure: two figures in, a sentence out.
import { share, times } from '../format';
import { text } from '../text';

/** Closer than this is the same to anyone. */
const ALIKE = 0.01;

/** From this many times on, a multiple says more than per cent. */
const MANY = 3;

/** Null where there is nothing to compare: neither today nor yesterday. */
export function againstYesterday(today: number, yesterday: number): string | null {
  if (yesterday <= 0) return today > 0 ? text.compared.noneYesterday : null;
  const change = today / yesterday - 1;
  if (Math.abs(change) < ALIKE) return text.compared.same;
  if (change + 1 >= MANY) return text.compared.times(times(change + 1));
  return change > 0 ? text.compared.more(share(change)) : text.compared.less(share(-change));
}
