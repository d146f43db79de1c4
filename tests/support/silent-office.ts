/*
 * Purpose: an office of many counters for measuring what stations hear: one real hub, a real agent and a window at every
 * counter, each officer logged in. Its instrument is the hub's own with a short prompt, put into the data before the hub
 * starts, as an office's first one is.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { StationAnswer } from '@hailong/shared/protocol/http.ts';
import type { StationLive } from '@hailong/shared/protocol/live.ts';
import type { VoteTicket } from '@hailong/shared/protocol/private.ts';
import { WebSocket } from 'ws';
import { loadHubKeys } from '../../hub-server/src/adapters/keys.ts';
import { mintRecoveryKey } from '../../hub-server/src/adapters/recovery-key.ts';
import { openStorage } from '../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import {
  saveCounter,
  saveOffice,
  saveOfficer,
  saveUnit,
  saveUser,
} from '../../hub-server/src/application/directory/save-directory.ts';
import { issueEnrolCode } from '../../hub-server/src/application/kiosks/enrol.ts';
import { openHub } from '../../hub-server/src/commands/open-hub.ts';
import { DEFAULT_INSTRUMENT } from '../../hub-server/src/domain/ratings/default-instrument.ts';
import { loadDeviceKey } from '../../kiosk-app/agent/adapters/hub-link/device-key.ts';
import { KioskWindow } from './kiosk-window.ts';
import { StationClient, startHub } from './office.ts';
import { kioskBin } from './paths.ts';
import { poll } from './poll.ts';
import { type Program, startProgram } from './program.ts';

/** As short as an instrument may be. */
export const CLOSE_MS = 5_000;
const PIN = '246810';
const HEAD = { username: 'lanhdao', password: 'mat-khau-thu-nghiem' };

export interface Frame {
  readonly at: number;
  readonly text: string;
  readonly station: StationAnswer;
}
export interface SilentCounter {
  readonly id: string;
  readonly officer: string;
  readonly kiosk: Program;
  readonly window: KioskWindow;
  readonly station: StationClient;
  /** All that its station's socket received, in order; a socket that ended is opened again. */
  readonly frames: Frame[];
  /** What a kiosk would show as QR: who holds it may vote by phone. */
  ticket(rating: string, transaction: string): { bytes: string; sig: string };
}
export interface SilentOffice extends AsyncDisposable {
  readonly url: string;
  readonly counters: readonly SilentCounter[];
  readonly pin: string;
  /** Codes by which a browser becomes one more station of a counter. */
  readonly stationCodes: readonly string[];
  /** The head's socket: hints as they come. */
  readonly hints: { readonly at: number; readonly counterId: string | null }[];
  killHub(): Promise<void>;
  startHub(): Promise<void>;
}

/** People, places and codes, and a form with a short prompt, before anything runs. */
async function found(data: string, count: number) {
  const opened = await openStorage(data);
  const hubKey = loadHubKeys(data).publicKey;
  const recovery = mintRecoveryKey();
  await opened.storage.identity.establish({
    identity: {
      ...{ lineage: 'l-silent', hubKey, recoveryKey: recovery.publicKey, recoveryBox: recovery.box },
      charter: recovery.charterOf(hubKey),
    },
    instrument: { ...DEFAULT_INSTRUMENT, closeAfterMs: CLOSE_MS },
    at: Date.now(),
  });
  await opened.close();
  const hub = await openHub(data);
  const mark = { id: null, actor: 'test' };
  await saveOffice(hub.admin, {
    value: { name: 'Một cửa', place: 'Phường Bình An', phone: '0236 3 000 000', retentionDays: 30 },
    actor: 'test',
  });
  const unitId = await saveUnit(hub.admin, { ...mark, value: { code: 'BA', name: 'Bình An' } });
  await saveUser(hub.admin, {
    ...mark,
    value: { ...HEAD, name: 'Hoàng Văn Thành', roles: ['head'], active: true },
  });
  const places: { id: string; officer: string; kiosk: string; station: string; browser: string }[] = [];
  for (let n = 0; n < count; n++) {
    const counterId = await saveCounter(hub.admin, {
      ...mark,
      // All of one length: the bytes of two stations are compared.
      value: { number: String(n + 11), name: 'Hộ tịch', unitId, active: true },
    });
    const officer = `CB${String(n + 1).padStart(2, '0')}`;
    await saveOfficer(hub.admin, {
      ...mark,
      value: { code: officer, name: 'Trần Lan', position: 'Chuyên viên', unitId, active: true, pin: PIN },
    });
    const code = async (kind: 'kiosk' | 'station') =>
      (await issueEnrolCode(hub.admin, { counterId, kind, actor: 'test' })).code;
    const [kiosk, station, browser] = [await code('kiosk'), await code('station'), await code('station')];
    places.push({ id: counterId, officer, kiosk, station, browser });
  }
  await hub.close();
  return places;
}

/** A minute after its kiosk came a station hears that all was sent: by the clock of that line, whatever was tapped. */
export const withoutSending = (text: string): string => text.replace(/"allSent":(true|false)/, '"allSent":x');

/** Keeps a socket open and hands on what it hears; answers how to end it. */
function listen(url: string, headers: Record<string, string>, hear: (text: string) => void): () => void {
  let ended = false;
  let socket: WebSocket;
  const open = (): void => {
    socket = new WebSocket(url, { headers });
    socket.on('message', (data) => hear(String(data)));
    socket.on('error', () => undefined);
    socket.on('close', () => !ended && setTimeout(open, 100));
  };
  open();
  return () => {
    ended = true;
    socket.terminate();
  };
}

export async function openSilentOffice(folder: string, count: number): Promise<SilentOffice> {
  const data = join(folder, 'hub');
  const places = await found(data, count);
  let { program: hub, url } = await startHub(data);
  const port = Number(new URL(url).port);
  const ends: (() => void)[] = [];
  const socketUrl = url.replace(/^http/, 'ws');

  async function counterOf(place: (typeof places)[number], n: number): Promise<SilentCounter> {
    const kioskData = join(folder, `kiosk-${n}`);
    const kiosk = startProgram(kioskBin, [
      ...['run', '--data', kioskData, '--hub', url, '--enrol', place.kiosk, '--ui-port', '0', '--json'],
    ]);
    const window = await KioskWindow.open(String((await kiosk.line('ready', { timeoutMs: 60_000 }))['ui']));
    const station = new StationClient(url);
    await station.startDuty(place.station, place.officer, PIN);
    const frames: Frame[] = [];
    const { cookie } = station.credentials();
    ends.push(
      listen(`${socketUrl}/api/v1/station/live`, { cookie, origin: url }, (text) => {
        const said = withoutSending(text);
        if (said !== frames.at(-1)?.text)
          frames.push({ at: Date.now(), text: said, station: (JSON.parse(text) as StationLive).station });
      }),
    );
    await poll(() => frames.length > 0, { what: `the socket of station ${n}` });
    const device = loadDeviceKey(join(kioskData, 'device-key.pem'));
    return {
      ...{ id: place.id, officer: place.officer, kiosk, window, station, frames },
      ticket(rating, transaction) {
        const said = { v: 'hailong-vote-v1', device: device.device, rating, transaction } as VoteTicket;
        const bytes = Buffer.from(JSON.stringify({ ...said, issuedAt: Date.now(), validMs: 3_600_000 }));
        return { bytes: bytes.toString('base64url'), sig: device.sign(bytes) };
      },
    };
  }

  // Two at a time: each agent compiles and enrols.
  const counters: SilentCounter[] = [];
  for (let n = 0; n < places.length; n += 2)
    counters.push(...(await Promise.all(places.slice(n, n + 2).map((place, i) => counterOf(place, n + i)))));

  const head = new StationClient(url);
  const entered = await head.call('POST', '/api/v1/session', HEAD);
  if (entered.status !== 200) throw new Error(`head: ${entered.status}`);
  const hints: { at: number; counterId: string | null }[] = [];
  const { cookie } = head.credentials();
  ends.push(
    listen(`${socketUrl}/api/v1/live`, { cookie, origin: url }, (text) => {
      const { counterId = null } = JSON.parse(text) as { counterId?: string };
      hints.push({ at: Date.now(), counterId });
    }),
  );

  return {
    ...{ url, counters, hints, pin: PIN, stationCodes: places.map(({ browser }) => browser) },
    killHub: () => hub.killHard(),
    async startHub() {
      hub = (await startHub(data, port)).program;
    },
    async [Symbol.asyncDispose]() {
      for (const end of ends) end();
      for (const { window } of counters) window.close();
      await Promise.all([...counters.map(({ kiosk }) => kiosk.stop()), hub.stop()]);
    },
  };
}

/** The phone of a citizen who votes privately, or only looks. */
export async function byPhone(
  url: string,
  ticket: { bytes: string; sig: string },
  level: number | null,
): Promise<void> {
  const phone = randomBytes(32).toString('base64url');
  const post = async (path: string, body: unknown): Promise<void> => {
    const answer = await fetch(`${url}/api/v1/private/${path}`, {
      ...{ method: 'POST', headers: { origin: url, 'content-type': 'application/json' } },
      body: JSON.stringify(body),
    });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  await post('open', { ticket, phone });
  if (level !== null)
    await post('votes', {
      ...{ ticket, phone, vote: crypto.randomUUID(), answers: [{ question: 'overall', level }] },
    });
}
