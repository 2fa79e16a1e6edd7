// Makes a `Refusal` of whatever a promise rejected with. It refuses to trust its shape:
// a host may also fail with an Error, or with a plain string.
import { text } from '../text';
import type { Refusal, RefusalCode } from './host';

const codes: readonly RefusalCode[] = ['nameTaken', 'nameInvalid', 'notFound', 'offline', 'badValue', 'busy', 'internal'];

/** Never throws; what is not understood becomes `internal`. */
export function toRefusal(thrown: unknown): Refusal {
  if (typeof thrown === 'string') return internal(thrown);
  if (typeof thrown !== 'object' || thrown === null) return internal(text.refusal);
  const { code, message, hint } = thrown as Record<string, unknown>;
  return {
    code: codes.find((known) => known === code) ?? 'internal',
    message: sentence(message) ?? text.refusal,
    hint: sentence(hint),
  };
}

function internal(message: string): Refusal {
  return { code: 'internal', message: sentence(message) ?? text.refusal, hint: null };
}

function sentence(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
