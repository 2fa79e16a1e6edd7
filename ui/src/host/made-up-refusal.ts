// A refusal as a real host rejects with it: an error that carries a code and a hint.
import type { Refusal } from './host';

export function refusal(code: Refusal['code'], message: string, hint: string | null): Error & Refusal {
  return Object.assign(new Error(message), { code, hint });
}
