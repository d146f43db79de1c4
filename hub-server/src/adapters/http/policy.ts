/**
 * Purpose: the one table of who may call what. A route without a row does not start, a row without a route neither;
 * `hailong-hub routes --json` prints it and a test walks it with every kind of caller.
 * Refuses: by default. Head and admin reach no footage; a station reaches nothing that names a level.
 * See hub-server/DESIGN.md, "Security"; README.md beside this file.
 */
import type { Who } from '../../domain/access/policy-law.ts';

export interface PolicyRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** In this order the caller's identities are tried. */
  readonly who: readonly Who[];
  /**
   * token: a cookie's caller also sends `X-CSRF-Token`. origin: the exact Origin alone (logins, which have no session
   * yet; WebSocket upgrades, which cannot send headers and must name it). none: reading, phones, API keys alone.
   */
  readonly csrf: 'token' | 'origin' | 'none';
  /** Which objects of those the caller may touch; null: all, or its own by construction. */
  readonly object: string | null;
}

type Line = readonly [PolicyRow['method'], string, readonly Who[], string?];
const OWN_COUNTER = 'officer: own counter; API key: counters it was issued for';
const ASSIGNEE = 'the case’s assignee';
const TICKET = 'ticket of this session, its case open, files of its window';

const READ: readonly Line[] = [
  ['GET', '/', ['public']],
  ['GET', '/healthz', ['public']],
  ['GET', '/openapi.json', ['public']],
  ['GET', '/assets/*', ['public']],
  ['GET', '/station', ['public']],
  ['GET', '/inspector', ['public']],
  ['GET', '/dashboard', ['public']],
  ['GET', '/admin', ['public']],
  ['GET', '/v', ['public']],
  ['GET', '/kiosk-preview/*', ['public']],
  ['GET', '/clock', ['public']],
  ['GET', '/KIEM-TRA.html', ['public'], 'the page that checks a package, for whoever has none to trust'],
  ['GET', '/api/v1/clock', ['public'], 'the time, and nothing else'],
  ['GET', '/api/v1/setup', ['public']],
  ['GET', '/api/v1/session', ['admin', 'inspector', 'head']],
  ['GET', '/api/v1/station', ['officer', 'station', 'public'], 'own station'],
  ['GET', '/api/v1/station/totals', ['officer'], 'own totals'],
  ['GET', '/api/v1/station/watched', ['officer'], 'footage of own turns and duties, of cases told or closed'],
  ['GET', '/api/v1/station/turns', ['officer'], 'own finished transactions of this counter'],
  ['GET', '/api/v1/photos/:sha256', ['officer', 'station', 'admin', 'inspector', 'head']],
  ['GET', '/api/v1/reasons', ['apiKey', 'officer']],
  ['GET', '/api/v1/intents/:id', ['apiKey', 'officer'], OWN_COUNTER],
  ['GET', '/api/v1/transactions', ['apiKey', 'inspector', 'head'], OWN_COUNTER],
  ['GET', '/api/v1/transactions/:id', ['apiKey', 'inspector', 'head', 'officer'], OWN_COUNTER],
  [
    'GET',
    '/api/v1/transactions/:id/ratings',
    ['apiKey', 'inspector'],
    `${OWN_COUNTER}, with the right to ratings`,
  ],
  ['GET', '/api/v1/transactions/:id/clip', ['apiKey', 'inspector'], OWN_COUNTER],
  ['GET', '/api/v1/review', ['inspector', 'head']],
  ['GET', '/api/v1/find', ['inspector'], 'own cases'],
  ['GET', '/api/v1/places', ['inspector']],
  ['GET', '/api/v1/cases', ['inspector'], 'own cases'],
  ['GET', '/api/v1/cases/:id', ['inspector'], ASSIGNEE],
  ['GET', '/api/v1/cases/:id/timeline', ['inspector'], ASSIGNEE],
  ['GET', '/api/v1/acts', ['inspector', 'admin'], 'own ones, and those one may decide'],
  ['GET', '/api/v1/tokens', ['inspector', 'admin'], 'own tokens'],
  ['GET', '/api/v1/holds', ['inspector', 'admin'], 'of a denunciation its assignee alone sees whose'],
  ['GET', '/api/v1/coverage', ['inspector', 'admin']],
  ['GET', '/api/v1/coverage/cameras', ['inspector', 'admin']],
  ['GET', '/api/v1/cases/:id/packages', ['inspector'], ASSIGNEE],
  ['GET', '/api/v1/packages/:ticket/archive.zip', ['inspector'], 'ticket of this session, own case'],
  ['GET', '/api/v1/footage/:ticket/playlist.m3u8', ['inspector'], TICKET],
  ['GET', '/api/v1/footage/:ticket/:file', ['inspector'], TICKET],
  ['GET', '/api/v1/footage/:ticket/download/:file', ['inspector'], TICKET],
  ['GET', '/api/v1/dashboard', ['head', 'admin']],
  ['GET', '/api/v1/dashboard/marks', ['head']],
  ['GET', '/api/v1/dashboard/answers', ['head', 'admin']],
  ['GET', '/api/v1/dashboard/never-asked', ['head']],
  ['GET', '/api/v1/dashboard/never-asked.xlsx', ['head']],
  ['GET', '/api/v1/dashboard.xlsx', ['head', 'admin']],
  ['GET', '/api/v1/dashboard/events', ['head']],
  ['GET', '/api/v1/recovering', ['head', 'admin']],
  ['GET', '/api/v1/admin/units', ['admin']],
  ['GET', '/api/v1/admin/officers', ['admin']],
  ['GET', '/api/v1/admin/counters', ['admin']],
  ['GET', '/api/v1/admin/procedures', ['admin']],
  ['GET', '/api/v1/admin/cameras', ['admin']],
  ['GET', '/api/v1/admin/cameras/:id/page', ['admin']],
  ['GET', '/api/v1/admin/cameras/:id/stills/:still', ['admin'], 'still frames of installation, logged'],
  ['GET', '/api/v1/admin/cameras/:id/frames', ['admin'], 'times of the own measuring'],
  ['GET', '/api/v1/admin/cameras/:id/map', ['admin']],
  ['GET', '/api/v1/admin/recorder/disk', ['admin']],
  ['GET', '/api/v1/admin/users', ['admin']],
  ['GET', '/api/v1/admin/devices', ['admin']],
  ['GET', '/api/v1/admin/enrolments', ['admin']],
  ['GET', '/api/v1/admin/roster', ['admin']],
  ['GET', '/api/v1/admin/fleet', ['admin']],
  ['GET', '/api/v1/admin/fleet/counts', ['admin']],
  ['GET', '/api/v1/admin/fleet-rule', ['admin']],
  ['GET', '/api/v1/admin/rollout', ['admin']],
  ['GET', '/api/v1/admin/api-keys', ['admin']],
  ['GET', '/api/v1/admin/office', ['admin']],
  ['GET', '/api/v1/admin/instruments', ['admin']],
  ['GET', '/api/v1/admin/instruments/:id/:version', ['admin']],
  ['GET', '/api/v1/admin/kiosk-settings', ['admin']],
  ['GET', '/api/v1/admin/month-cases', ['admin'], 'two counts, no case'],
  ['GET', '/api/v1/admin/reasons', ['admin']],
  ['GET', '/api/v1/admin/notices', ['admin']],
  ['GET', '/api/v1/admin/screen-hours', ['admin']],
  ['GET', '/api/v1/admin/voices', ['admin']],
  ['GET', '/api/v1/admin/voices/:sha256', ['admin']],
  ['GET', '/api/v1/admin/audit', ['admin']],
];

const SOCKETS: readonly Line[] = [
  ['GET', '/api/v1/live', ['head', 'admin', 'inspector']],
  ['GET', '/api/v1/station/live', ['officer', 'station'], 'own station'],
];

const LOGINS: readonly Line[] = [
  ['POST', '/api/v1/setup', ['public'], 'while there is no administrator, with the printed token'],
  ['POST', '/api/v1/session', ['public']],
  ['POST', '/api/v1/station/enrol', ['public'], 'with a one-time code'],
];

const PHONE = 'with a kiosk’s ticket or a code of the pool';
/** Whoever calls brings ticket and phone token along; no cookie is read, so there is nothing that another page could use. */
const PHONES: readonly Line[] = [
  ['POST', '/api/v1/private/open', ['public'], PHONE],
  ['POST', '/api/v1/private/votes', ['public'], `${PHONE}, from the phone that opened it`],
  ['POST', '/api/v1/private/receipt', ['public'], `${PHONE}, from the phone that opened it`],
];

/** By API key alone: no browser sends one by itself. */
const SYSTEMS: readonly Line[] = [['POST', '/api/v1/closed-dossiers', ['apiKey'], OWN_COUNTER]];

const CHANGES: readonly Line[] = [
  ['DELETE', '/api/v1/session', ['admin', 'inspector', 'head'], 'own session'],
  ['POST', '/api/v1/station/login', ['station'], 'own counter'],
  ['DELETE', '/api/v1/station/login', ['officer'], 'own session'],
  ['POST', '/api/v1/station/lock', ['officer'], 'own session'],
  ['POST', '/api/v1/station/lunch', ['officer'], 'own session'],
  ['POST', '/api/v1/station/unlock', ['station'], 'the login that rests here'],
  ['POST', '/api/v1/station/next', ['officer'], 'own counter'],
  ['POST', '/api/v1/station/finish', ['officer'], 'transaction of own counter'],
  ['POST', '/api/v1/station/hold', ['officer'], 'own finished transaction'],
  ['POST', '/api/v1/transactions', ['apiKey', 'officer'], OWN_COUNTER],
  ['POST', '/api/v1/transactions/:id/finish', ['apiKey', 'officer'], OWN_COUNTER],
  ['POST', '/api/v1/cases', ['inspector']],
  ['PATCH', '/api/v1/cases/:id', ['inspector'], ASSIGNEE],
  ['POST', '/api/v1/cases/:id/clips', ['inspector'], `${ASSIGNEE}, the case open`],
  ['POST', '/api/v1/cases/:id/tell', ['inspector'], `${ASSIGNEE}, never a denunciation`],
  ['POST', '/api/v1/cases/:id/petitioner', ['inspector'], ASSIGNEE],
  ['POST', '/api/v1/packages/:id/address', ['inspector'], ASSIGNEE],
  ['POST', '/api/v1/acts', ['inspector', 'admin'], 'by kind: domain/access/act-law.ts'],
  ['POST', '/api/v1/acts/:id/approve', ['inspector', 'admin'], 'never whoever asked'],
  ['POST', '/api/v1/acts/:id/refuse', ['inspector', 'admin'], 'whoever asked, or may approve it'],
  ['POST', '/api/v1/tokens', ['inspector', 'admin']],
  ['DELETE', '/api/v1/tokens/:id', ['inspector', 'admin'], 'own token'],
  ['POST', '/api/v1/admin/units', ['admin']],
  ['PUT', '/api/v1/admin/units/:id', ['admin']],
  ['POST', '/api/v1/admin/officers', ['admin']],
  ['PUT', '/api/v1/admin/officers/:id', ['admin']],
  ['PUT', '/api/v1/admin/officers/:id/photo', ['admin']],
  ['POST', '/api/v1/admin/counters', ['admin']],
  ['PUT', '/api/v1/admin/counters/:id', ['admin']],
  ['POST', '/api/v1/admin/procedures', ['admin']],
  ['PUT', '/api/v1/admin/procedures/:id', ['admin']],
  ['POST', '/api/v1/admin/cameras', ['admin']],
  ['PUT', '/api/v1/admin/cameras/:id', ['admin']],
  ['PUT', '/api/v1/admin/cameras/:id/map', ['admin'], 'nothing in the future'],
  ['POST', '/api/v1/admin/cameras/:id/map/remove', ['admin'], 'with a reason; ends no hold'],
  ['POST', '/api/v1/admin/cameras/probe', ['admin']],
  ['POST', '/api/v1/admin/cameras/discover', ['admin']],
  ['POST', '/api/v1/admin/cameras/:id/check', ['admin']],
  ['POST', '/api/v1/admin/cameras/:id/login', ['admin'], 'whether it may be sent its password itself'],
  ['POST', '/api/v1/admin/cameras/:id/stills', ['admin'], 'one picture of now'],
  ['POST', '/api/v1/admin/cameras/:id/stills/:still/approve', ['admin']],
  [
    'POST',
    '/api/v1/admin/cameras/:id/frames/:segment',
    ['admin'],
    'a few pictures of the own measuring, logged and told',
  ],
  ['POST', '/api/v1/admin/cameras/:id/measuring', ['admin'], 'one at a time, four a day'],
  ['POST', '/api/v1/admin/cameras/:id/latency', ['admin']],
  ['POST', '/api/v1/admin/users', ['admin'], 'never the last administrator'],
  ['PUT', '/api/v1/admin/users/:id', ['admin'], 'never the last administrator'],
  ['POST', '/api/v1/admin/enrol-codes', ['admin']],
  ['POST', '/api/v1/admin/devices/:id/revoke', ['admin']],
  ['POST', '/api/v1/admin/enrolments/:id/decide', ['admin']],
  ['POST', '/api/v1/admin/devices/:id/write-off', ['admin'], 'two administrators'],
  ['POST', '/api/v1/admin/fleet/:id/acknowledge', ['admin']],
  ['POST', '/api/v1/admin/fleet/reload', ['admin']],
  ['PUT', '/api/v1/admin/fleet-rule', ['admin']],
  ['PUT', '/api/v1/admin/rollout', ['admin']],
  ['POST', '/api/v1/admin/rollout/decide', ['admin']],
  ['POST', '/api/v1/admin/api-keys', ['admin']],
  ['DELETE', '/api/v1/admin/api-keys/:id', ['admin']],
  ['PUT', '/api/v1/admin/office', ['admin']],
  ['PUT', '/api/v1/admin/instruments/:id', ['admin'], 'a version once written stays'],
  ['PUT', '/api/v1/admin/instrument-uses', ['admin']],
  ['PUT', '/api/v1/admin/kiosk-settings', ['admin']],
  ['PUT', '/api/v1/admin/reasons', ['admin']],
  ['PUT', '/api/v1/admin/notices', ['admin']],
  ['PUT', '/api/v1/admin/screen-hours', ['admin']],
  ['PUT', '/api/v1/admin/voices', ['admin']],
  ['DELETE', '/api/v1/admin/voices', ['admin']],
  ['POST', '/api/v1/admin/import/:list', ['admin']],
  ['DELETE', '/api/v1/admin/demo', ['admin']],
];

/** Carriers of devices and the recorder: their own handlers verify key, token or code before anything else. */
const MACHINES: readonly Line[] = [
  ['GET', '/edge/v1', ['device'], 'signed hello'],
  ['GET', '/edge/v1/blobs/:sha256', ['device'], 'blob token of a living link'],
  ['POST', '/api/v1/edge/enrol', ['device'], 'one-time code'],
  ['GET', '/recorder/v1', ['recorder'], 'token of the parent process, loopback'],
];

const rows = (lines: readonly Line[], csrf: PolicyRow['csrf']): PolicyRow[] =>
  lines.map(([method, path, who, object]) => ({ method, path, who, csrf, object: object ?? null }));

export const POLICY: readonly PolicyRow[] = [
  ...rows(READ, 'none'),
  ...rows(SOCKETS, 'origin'),
  ...rows(LOGINS, 'origin'),
  ...rows(PHONES, 'none'),
  ...rows(SYSTEMS, 'none'),
  ...rows(CHANGES, 'token'),
  ...rows(MACHINES, 'none'),
];

const byRoute = new Map(POLICY.map((row) => [`${row.method} ${row.path}`, row]));
/** Registered by others only when they are part of this hub. */
export const OPTIONAL: ReadonlySet<string> = new Set(MACHINES.map(([method, path]) => `${method} ${path}`));

/** HEAD is judged as GET. */
export function policyOf(method: string, path: string): PolicyRow | undefined {
  return byRoute.get(`${method === 'HEAD' ? 'GET' : method} ${path}`);
}
