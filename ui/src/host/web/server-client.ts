// Requests to the web server. A rejection is an `ApiError`: the server's own, or `offline` if it cannot be reached. The
// answer 401 ends the session of the page.
import type { ApiError } from '../../bindings/ApiError';
import type { Request } from '../../bindings/Request';
import type { Response as EngineResponse } from '../../bindings/Response';
import { text } from '../../strings';

/** A downloaded file. */
export interface DownloadedFile {
  blob: Blob;
  /** The name that the server suggests; null without one. */
  name: string | null;
}

export interface ServerClient {
  /** Sends a request to the engine. */
  request(request: Request): Promise<EngineResponse>;
  /** Returns true if the server responds. */
  isReachable(): Promise<boolean>;
  download(url: string): Promise<DownloadedFile>;
  signOut(): Promise<void>;
}

const UNAUTHORIZED = 401;

/** Sends a request and returns the response if it is a success. */
export type SendRequest = (url: string, options?: RequestInit) => Promise<Response>;

interface SenderOptions {
  /** Called each time the server refuses a request without a session. */
  onSignedOut: () => void;
  /** The sentences for a server that does not respond. */
  unreachable: string;
  unreachableHint: string;
}

/** Returns a function that sends requests with the session of the browser. A rejection is an `ApiError`. */
export function createSender({ onSignedOut, unreachable, unreachableHint }: SenderOptions): SendRequest {
  return async (url, options = {}) => {
    const response = await fetch(url, { cache: 'no-store', credentials: 'same-origin', ...options }).catch(() => null);
    if (response === null) throw refusalError({ code: 'offline', message: unreachable, hint: unreachableHint });
    if (response.ok) return response;
    if (response.status === UNAUTHORIZED) onSignedOut();
    throw refusalError(await readRefusal(response));
  };
}

/** Creates a client. `onSignedOut` is called each time the server refuses a request without a session. */
export function createServerClient(onSignedOut: () => void): ServerClient {
  const send = createSender({ onSignedOut, unreachable: text.web.unreachable, unreachableHint: text.web.unreachableHint });
  return {
    request: async (request) => {
      const body = JSON.stringify(request);
      const response = await send('/dashboard/request', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      return (await response.json()) as EngineResponse;
    },
    isReachable: () => send('/dashboard/start').then(
      () => true,
      () => false,
    ),
    download: async (url) => {
      const response = await send(url);
      return { blob: await response.blob(), name: fileName(response.headers.get('Content-Disposition')) };
    },
    signOut: async () => void (await send('/sign-out', { method: 'POST' })),
  };
}

/** Returns an error that is also an `ApiError`. */
function refusalError(refusal: ApiError): Error & ApiError {
  return Object.assign(new Error(refusal.message), refusal);
}

/** Reads the error of a response: an `ApiError`, or the problem details of the REST API. */
async function readRefusal(response: Response): Promise<ApiError> {
  const fallback: ApiError = { code: 'internal', message: text.requestFailed, hint: null };
  if (response.status === UNAUTHORIZED) return { ...fallback, code: 'forbidden', message: text.web.signedOut };
  const body = (await response.json().catch(() => null)) as (Partial<ApiError> & { title?: string; detail?: string }) | null;
  if (body === null || typeof body !== 'object') return fallback;
  const { code = fallback.code, message = body.detail ?? body.title ?? fallback.message, hint = null } = body;
  return { code, message, hint };
}

/** Returns the file name of a `Content-Disposition` header. */
function fileName(disposition: string | null): string | null {
  return /filename="([^"/\\]+)"/.exec(disposition ?? '')?.[1] ?? null;
}
