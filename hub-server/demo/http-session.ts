/**
 * One browser's session with the demo's hub, without the browser: cookies and CSRF token as a browser would keep them.
 * Refuses: answers that are none of success; they end the call with what the hub said.
 */
export type CallHub = (method: string, path: string, body?: unknown) => Promise<unknown>;

export function openSession(hub: string, signal: AbortSignal): CallHub {
  const cookies = new Map<string, string>();
  let csrf = '';
  return async (method, path, body) => {
    const answer = await fetch(`${hub}${path}`, {
      method,
      signal,
      headers: {
        origin: hub,
        'x-csrf-token': csrf,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const pair = line.split(';')[0] ?? '';
      const at = pair.indexOf('=');
      if (at > 0) cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    const value = text ? (JSON.parse(text) as { csrfToken?: string }) : null;
    if (value?.csrfToken) csrf = value.csrfToken;
    return value;
  };
}
