import type { Bilingual } from './contract';

/** A refusal or failure of a request: what the server's problem details said, or that it did not answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: Bilingual,
    readonly detail: Bilingual,
    readonly field: string | null = null,
  ) {
    super(`${code}: ${detail.zh}`);
  }

  /** Worth sending again unchanged: nobody refused it. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

/** The server says each thing twice, `中文 / English`; what it says once serves both. */
export function bilingual(text: string | undefined): Bilingual {
  const both = text ?? '';
  const cut = both.indexOf(' / ');
  return cut < 0 ? { zh: both, en: both } : { zh: both.slice(0, cut), en: both.slice(cut + 3) };
}

export function toProblem(status: number, body: unknown): Problem {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, string | undefined>;
  return new Problem(
    status,
    said.code ?? `http.${status}`,
    said.title ? bilingual(said.title) : { zh: `请求失败(${status})`, en: `Request failed (${status})` },
    bilingual(said.detail),
    said.field ?? null,
  );
}

const unreachable = () =>
  new Problem(
    0,
    'network.unreachable',
    { zh: '服务器没有应答', en: 'The server did not answer' },
    { zh: '屏幕上的内容保留,恢复后原样重发', en: 'What is on screen is kept: send it again once it is back' },
  );

let csrfToken: string | null = null;
let onSessionLost: () => void = () => {};

export function keepCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called when a request is answered with 401: the session ended while the console was open. */
export function whenSessionLost(listener: () => void): void {
  onSessionLost = listener;
}

const TimeoutMilliseconds = 15_000;

async function once(method: string, path: string, options: RequestOptions) {
  const {
    body,
    signal,
    timeoutMilliseconds = TimeoutMilliseconds,
    credential,
    keepalive = false,
    ifMatch,
    isNew = false,
  } = options;
  const headers: Record<string, string> = { Accept: 'application/json' };
  const isFile = body instanceof Blob;
  if (body !== undefined) {
    headers['Content-Type'] = isFile ? body.type || 'application/octet-stream' : 'application/json';
  }
  if (ifMatch) {
    headers['If-Match'] = ifMatch;
  }
  if (isNew) {
    headers['If-None-Match'] = '*';
  }
  if (credential) {
    headers.Authorization = `Bearer ${credential}`;
  } else if (method !== 'GET' && csrfToken) {
    headers['X-CSRF-Token'] = csrfToken;
  }
  const timer = AbortSignal.timeout(timeoutMilliseconds);
  const response = await fetch(path, {
    method,
    headers,
    body: body === undefined ? null : isFile ? body : JSON.stringify(body),
    // A device is not the person who is signed in: its request goes without the session.
    credentials: credential ? 'omit' : 'same-origin',
    keepalive,
    signal: signal ? AbortSignal.any([signal, timer]) : timer,
  });
  const isJson = response.headers.get('Content-Type')?.includes('json') ?? false;
  const text = isJson ? await response.text() : '';
  return { response, answer: text === '' ? null : (JSON.parse(text) as unknown) };
}

export interface RequestOptions {
  /** A file goes as it is, everything else as JSON. */
  body?: unknown;
  signal?: AbortSignal | undefined;
  timeoutMilliseconds?: number;
  /** Of a device, sent in place of the session. */
  credential?: string;
  /** Sent to its end though the page is left. */
  keepalive?: boolean;
  /** The version that the sender has seen. */
  ifMatch?: string;
  /** Refused where it is there already. */
  isNew?: boolean;
}

/** One request to the server. Throws `Problem` alone (or the abort of the caller's own signal). */
export async function request<Answer>(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { signal } = options;
  for (let attempt = 0; ; attempt++) {
    let result: Awaited<ReturnType<typeof once>>;
    try {
      result = await once(method, path, options);
    } catch (failure) {
      if (signal?.aborted) {
        throw failure;
      }
      throw unreachable();
    }
    if (result.response.ok) {
      return result.answer as Answer;
    }
    const problem = toProblem(result.response.status, result.answer);
    if (problem.code === 'csrf.missing' && attempt === 0) {
      // The token belongs to a session that was renewed in another window: fetch the one that fits now, once.
      const session = await request<{ csrfToken: string | null }>('GET', '/api/session');
      csrfToken = session.csrfToken;
      continue;
    }
    if (problem.status === 401 && path !== '/api/session' && !options.credential) {
      onSessionLost();
    }
    throw problem;
  }
}
