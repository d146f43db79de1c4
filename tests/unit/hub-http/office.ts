/**
 * An office for tests of the web side: real SQLite in a folder of its own, the real application over it, callers of
 * every kind with their cookies. The clock moves only when a test moves it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CounterId } from '@hailong/shared/ids.ts';
import type { Role } from '@hailong/shared/protocol/http.ts';
import type { MonotonicMs, Timers, UtcMs } from '@hailong/shared/time.ts';
import Database from 'better-sqlite3';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { packageFolders } from '../../../hub-server/src/adapters/evidence/package-folders.ts';
import { deviceIdOf, verifySignature } from '../../../hub-server/src/adapters/keys.ts';
import { createHasher } from '../../../hub-server/src/adapters/password-hasher.ts';
import { createSecrets } from '../../../hub-server/src/adapters/secrets.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { buildApp } from '../../../hub-server/src/app.ts';
import {
  saveCamera,
  saveCounter,
  saveOffice,
  saveOfficer,
  saveProcedure,
  saveUnit,
  saveUser,
} from '../../../hub-server/src/application/directory/save-directory.ts';
import { createApiKey, issueEnrolCode } from '../../../hub-server/src/application/kiosks/enrol.ts';
import { createLogSealer } from '../../../hub-server/src/application/log/seal-log.ts';
import { createOwnChain } from '../../../hub-server/src/application/own-chain/own-chain.ts';
import { createSlipCodes } from '../../../hub-server/src/application/private-route/slip-codes.ts';
import type { AdminParts } from '../../../hub-server/src/application/web-parts.ts';
import { makeKey, sha256 } from '../log/keys.ts';
import { FakeCore, FakeFootage, FakeRecorder } from './fake-core.ts';

export const ORIGIN = 'http://127.0.0.1:8080';
export const NOW = Date.UTC(2026, 10, 20, 3, 0, 0);
/** Two milliseconds: tests of what the hash guards, not of what it costs. */
const LIGHT = { N: 2 ** 10, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

export class Clock {
  at = NOW;
  now(): UtcMs {
    return this.at as UtcMs;
  }
  monotonic(): MonotonicMs {
    return (this.at - NOW) as MonotonicMs;
  }
}

/** Timers of that clock: what is due is run by `pass`, and nothing else. */
export class HandTimers implements Timers {
  readonly #clock: Clock;
  #waiting: { readonly at: number; readonly run: () => void }[] = [];
  constructor(clock: Clock) {
    this.#clock = clock;
  }
  after(delayMs: number, run: () => void): () => void {
    const one = { at: this.#clock.at + delayMs, run };
    this.#waiting.push(one);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== one);
    };
  }
  get count(): number {
    return this.#waiting.length;
  }
  pass(ms: number): void {
    this.#clock.at += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.#clock.at);
    this.#waiting = this.#waiting.filter((each) => !due.includes(each));
    for (const { run } of due) run();
  }
}

/** A browser or a script: keeps cookies, sends Origin and the CSRF token as pages do. */
export class Caller {
  readonly cookies = new Map<string, string>();
  csrf = '';
  readonly app: FastifyInstance;
  readonly bearer: string | undefined;
  constructor(app: FastifyInstance, bearer?: string) {
    this.app = app;
    this.bearer = bearer;
  }
  headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return this.bearer !== undefined
      ? { authorization: `Bearer ${this.bearer}` }
      : { origin: ORIGIN, 'x-csrf-token': this.csrf, ...(cookie ? { cookie } : {}) };
  }
  async call(
    method: NonNullable<InjectOptions['method']>,
    url: string,
    payload?: InjectOptions['payload'],
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> {
    const answer = await this.app.inject({
      method,
      url,
      ...(payload === undefined ? {} : { payload }),
      headers: { ...this.headers(), ...headers },
    });
    for (const each of answer.cookies) {
      if (each.value === '') this.cookies.delete(each.name);
      else this.cookies.set(each.name, each.value);
    }
    if (answer.headers['content-type']?.toString().startsWith('application/json')) {
      const token = (answer.json() as { csrfToken?: unknown }).csrfToken;
      if (typeof token === 'string' && token !== '') this.csrf = token;
    }
    return answer;
  }
}

export const PASSWORD = 'mat-khau-thu-nghiem';
export const PIN = '2468';

export async function openOffice(options: { origins?: () => string[]; proxies?: string[] } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'hailong-http-'));
  const opened = await openStorage(data);
  const clock = new Clock();
  const timers = new HandTimers(clock);
  const core = new FakeCore();
  const footage = new FakeFootage();
  const recorder = new FakeRecorder();
  const secrets = createSecrets();
  const sealer = {
    seal: (text: string) => Buffer.from(text).toString('base64'),
    open: (sealed: string) => Buffer.from(sealed, 'base64').toString(),
  };
  const key = makeKey();
  const logSealer = createLogSealer({ log: opened.storage.log, signer: key, sha256, clock });
  const slipCodes = createSlipCodes(key, sha256);
  const own = createOwnChain({
    ...{ device: 'a'.repeat(64), epoch: 'b'.repeat(32), build: 'test', clock, secrets, slipCodes },
  });
  const common = {
    logSealer,
    ...{ own, slipCodes, verify: verifySignature, deviceIdOf },
    evidence: {
      ...{ makeAll: async () => undefined, progress: () => null, stop: async () => undefined },
      folders: packageFolders(join(data, 'evidence')),
    },
    storage: opened.storage,
    secrets,
    hasher: createHasher(LIGHT),
    sealer,
    clock,
  };
  let setupToken: string | null = null;
  const app = await buildApp({
    ...common,
    core,
    footage,
    recorder,
    timers,
    tls: null,
    cookies: 'secure',
    proxies: options.proxies ?? [],
    origins: options.origins ?? (() => [ORIGIN]),
    setupToken: () => setupToken,
    webDir: join(data, 'web'),
    checkPage: join(data, 'check', 'KIEM-TRA.html'),
    kioskDir: join(data, 'kiosk'),
    logger: false,
  });
  await app.ready();
  const admin: AdminParts = { ...common, told: null };

  async function seed() {
    const actor = 'test';
    await saveOffice(admin, {
      value: {
        name: 'Bộ phận Một cửa phường Thử',
        place: 'Ninh Bình',
        phone: '0229 000 000',
        retentionDays: 30,
      },
      actor,
    });
    const unitId = await saveUnit(admin, {
      id: null,
      value: { code: 'BPMC', name: 'Bộ phận Một cửa' },
      actor,
    });
    const counters = [
      await saveCounter(admin, {
        id: null,
        value: { number: '1', name: 'Hộ tịch', unitId, active: true },
        actor,
      }),
      await saveCounter(admin, {
        id: null,
        value: { number: '2', name: 'Đất đai', unitId, active: true },
        actor,
      }),
    ] as [CounterId, CounterId];
    await saveProcedure(admin, {
      id: null,
      value: { code: 'HT.01', name: 'Đăng ký khai sinh', active: true },
      actor,
    });
    const officer = (code: string, name: string) =>
      saveOfficer(admin, {
        id: null,
        value: { code, name, position: 'Chuyên viên', unitId, active: true, pin: PIN },
        actor,
      });
    const officers = [
      await officer('CB001', 'Trần Thị Lan'),
      await officer('CB002', 'Phạm Văn Nam'),
    ] as const;
    const cameraId = await saveCamera(admin, {
      id: null,
      value: {
        name: 'Quầy 1',
        address: 'rtsp://192.0.2.10/main',
        user: 'xem',
        password: 'bi-mat-camera',
        counterIds: [counters[0]],
        retentionDays: 30,
        latencyMs: 2000,
        active: true,
      },
      actor,
    });
    const user = (username: string, roles: Role[], demo = false) =>
      saveUser(admin, {
        id: null,
        value: { username, name: `Người ${username}`, roles, active: true, password: PASSWORD },
        actor,
        demo,
      });
    await user('quantri', ['admin']);
    await user('thanhtra', ['inspector']);
    await user('thanhtra2', ['inspector']);
    await user('truong', ['head']);
    const key = await createApiKey(admin, {
      ...{ name: 'Một cửa điện tử', counterIds: null, readsRatings: true, actor },
    });
    const narrowKey = await createApiKey(admin, {
      ...{ name: 'Quầy 2', counterIds: [counters[1]], readsRatings: false, actor },
    });
    return { unitId, counters, officers, cameraId, key, narrowKey };
  }

  async function login(username: string): Promise<Caller> {
    const caller = new Caller(app);
    const answer = await caller.call('POST', '/api/v1/session', { username, password: PASSWORD });
    if (answer.statusCode !== 200) throw new Error(`login ${username}: ${answer.body}`);
    return caller;
  }
  async function station(counterId: CounterId): Promise<Caller> {
    const { code } = await issueEnrolCode(admin, { counterId, kind: 'station', actor: 'test' });
    const caller = new Caller(app);
    const answer = await caller.call('POST', '/api/v1/station/enrol', { code });
    if (answer.statusCode !== 200) throw new Error(`enrol: ${answer.body}`);
    return caller;
  }
  async function officer(counterId: CounterId, staffCode: string): Promise<Caller> {
    const caller = await station(counterId);
    const answer = await caller.call('POST', '/api/v1/station/login', { staffCode, pin: PIN });
    if (answer.statusCode !== 200) throw new Error(`login ${staffCode}: ${answer.body}`);
    return caller;
  }

  return {
    app,
    admin,
    clock,
    timers,
    core,
    footage,
    recorder,
    data,
    storage: opened.storage,
    seed,
    login,
    station,
    officer,
    setSetupToken(token: string | null) {
      setupToken = token;
    },
    async close() {
      await app.close();
      await opened.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
export type Office = Awaited<ReturnType<typeof openOffice>>;

/** While `run` goes on, the hub's own database takes no row of the log. */
export async function withoutLog({ data }: Pick<Office, 'data'>, run: () => Promise<void>): Promise<void> {
  const db = new Database(join(data, 'hub.sqlite'));
  db.exec(
    "CREATE TRIGGER no_log BEFORE INSERT ON audit_log BEGIN SELECT raise(ABORT, 'no row of the log'); END",
  );
  try {
    await run();
  } finally {
    db.exec('DROP TRIGGER no_log');
    db.close();
  }
}
