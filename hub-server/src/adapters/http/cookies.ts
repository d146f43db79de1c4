/**
 * Cookies hold random secrets only. `__Host-` binds them to this very host over a secure channel; browsers treat
 * loopback as secure. Served in the clear off loopback (`--insecure`) prefix and Secure would make the browser drop
 * them, so they go plain there: that is what `--insecure` accepts.
 */
import type { CookieSerializeOptions } from '@fastify/cookie';

export interface CookieNames {
  readonly user: string;
  readonly station: string;
  readonly officer: string;
  readonly options: CookieSerializeOptions;
}

/** A station stays enrolled until it is revoked: browsers cap a cookie at 400 days. */
export const STATION_COOKIE_SECONDS = 400 * 86_400;

export function cookieNames(mode: 'secure' | 'plain'): CookieNames {
  const prefix = mode === 'secure' ? '__Host-hailong' : 'hailong';
  return {
    user: prefix,
    station: `${prefix}-station`,
    officer: `${prefix}-officer`,
    options: { path: '/', httpOnly: true, sameSite: 'strict', secure: mode === 'secure' },
  };
}
