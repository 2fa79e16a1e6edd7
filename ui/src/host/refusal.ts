// Converts a rejection to an `ApiError`. A host may also reject with an Error or a plain string, so its shape is not
// trusted.
import { text } from '../strings';
import type { ApiError } from '../bindings/ApiError';
import type { ErrorCode } from '../bindings/ErrorCode';

const codes: readonly ErrorCode[] = ['nameTaken', 'nameInvalid', 'notFound', 'offline', 'badValue', 'busy', 'forbidden', 'internal'];

/** Returns an `ApiError` and never throws; an unknown value becomes `internal`. */
export function toRefusal(thrown: unknown): ApiError {
  if (typeof thrown === 'string') return internal(thrown);
  if (typeof thrown !== 'object' || thrown === null) return internal(text.requestFailed);
  const { code, message, hint } = thrown as Record<string, unknown>;
  return {
    code: codes.find((known) => known === code) ?? 'internal',
    message: sentence(message) ?? text.requestFailed,
    hint: sentence(hint),
  };
}

function internal(message: string): ApiError {
  return { code: 'internal', message: sentence(message) ?? text.requestFailed, hint: null };
}

function sentence(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
