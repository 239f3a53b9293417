import { afterEach, describe, expect, it, vi } from 'vitest';
import { bilingual, keepCsrfToken, Problem, request, toProblem, whenSessionLost } from './request';

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' },
  });

afterEach(() => {
  vi.unstubAllGlobals();
  keepCsrfToken(null);
  whenSessionLost(() => {});
});

describe('a request', () => {
  it('turns problem details into a typed problem with both languages', async () => {
    vi.stubGlobal('fetch', async () =>
      json(409, {
        code: 'unit.busy',
        title: '车辆已有任务 / Unit already assigned',
        detail: 'A12 正在执行 I3 / A12 works on I3',
        field: 'unitId',
      }),
    );
    const problem = await request('POST', '/api/x', { body: {} }).catch((failure: unknown) => failure);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({
      status: 409,
      code: 'unit.busy',
      field: 'unitId',
      detail: { zh: 'A12 正在执行 I3', en: 'A12 works on I3' },
    });
  });

  it('says that the server did not answer, and that sending again is worth it', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });
    const problem = (await request('GET', '/api/board').catch((failure: unknown) => failure)) as Problem;
    expect(problem.code).toBe('network.unreachable');
    expect(problem.isPassing).toBe(true);
  });

  it('sends the token with what changes something, and fetches a new one once when it is stale', async () => {
    const seen: (string | undefined)[] = [];
    vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
      if (path === '/api/session') {
        return json(200, { csrfToken: 'new' });
      }
      const token = (init.headers as Record<string, string>)['X-CSRF-Token'];
      seen.push(token);
      return token === 'new' ? json(200, { ok: true }) : json(400, { code: 'csrf.missing' });
    });
    keepCsrfToken('old');
    await expect(request('POST', '/api/x', { body: {} })).resolves.toEqual({ ok: true });
    expect(seen).toEqual(['old', 'new']);
  });

  it('tells of a lost session, but not when signing in fails', async () => {
    const lost = vi.fn();
    whenSessionLost(lost);
    vi.stubGlobal('fetch', async () => json(401, { code: 'session.required' }));
    await request('POST', '/api/session', { body: {} }).catch(() => {});
    expect(lost).not.toHaveBeenCalled();
    await request('GET', '/api/board').catch(() => {});
    expect(lost).toHaveBeenCalledOnce();
  });
});

describe('a device', () => {
  it('sends its credential in place of the session, and its refusal signs nobody out', async () => {
    const lost = vi.fn();
    whenSessionLost(lost);
    keepCsrfToken('token');
    const seen: RequestInit[] = [];
    vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
      seen.push(init);
      return json(401, { code: 'device.wrong_credential' });
    });
    const problem = await request('POST', '/api/positions/fixes', { body: {}, credential: 'id.secret' }).catch(
      (failure) => failure,
    );
    expect(problem).toMatchObject({ code: 'device.wrong_credential' });
    expect(seen[0]?.credentials).toBe('omit');
    expect(seen[0]?.headers).toMatchObject({ Authorization: 'Bearer id.secret' });
    expect(seen[0]?.headers).not.toHaveProperty('X-CSRF-Token');
    expect(lost).not.toHaveBeenCalled();
  });
});

describe('a problem', () => {
  it('names the status where the body says nothing', () => {
    expect(toProblem(502, null)).toMatchObject({ code: 'http.502', title: { en: 'Request failed (502)' } });
  });

  it('splits the two languages at the first slash alone', () => {
    expect(bilingual('中 / a / b')).toEqual({ zh: '中', en: 'a / b' });
    expect(bilingual('single')).toEqual({ zh: 'single', en: 'single' });
  });
});
