/*
 * Purpose: a hub that holds what an evidence package is made of, all by its own code: an enrolled kiosk with a rated
 * transaction, real segments of a camera with their facts, an open case, two inspectors. Packages come out of it as in an
 * office: asked by one, approved by the other, written by the process that writes them.
 */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CameraId } from '@hailong/shared/ids.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { DeletionReason, FootageFact } from '@hailong/shared/protocol/footage.ts';
import { v7 } from 'uuid';
import { openWriter } from '../../hub-server/src/adapters/sqlite/open-database.ts';
import { approveAct } from '../../hub-server/src/application/acts/approve-act.ts';
import { type ActUser, askAct } from '../../hub-server/src/application/acts/ask-act.ts';
import {
  saveCamera,
  saveOffice,
  saveUser,
} from '../../hub-server/src/application/directory/save-directory.ts';
import type { EvidenceRow } from '../../hub-server/src/application/ports/evidence.ts';
import { readFilm } from '../../hub-server/src/recorder/adapters/inspect-file.ts';
import { type KeptHub, type KeptKiosk, keptHub } from './kept-hub.ts';
import { tempFolder } from './temp-folder.ts';

const run = promisify(execFile);

export interface Film {
  /** Absolute, in order. */
  readonly files: readonly string[];
  readonly codec: 'h264' | 'hevc';
}

/** Segments as the recorder writes them, of a picture that changes with every frame. */
export async function makeFilm(
  folder: string,
  { seconds, size = '320x240', kbps = 400, hue = 0, loops = 1, codec = 'h264', silence }: FilmOptions,
): Promise<Film> {
  mkdirSync(folder, { recursive: true });
  const whole = join(folder, 'film.mp4');
  const pause = silence ? `,select='not(between(t,${silence[0]},${silence[1]}))'` : '';
  const picture = `testsrc2=size=${size}:rate=25:duration=${seconds},hue=h=${hue}${pause}`;
  await run('ffmpeg', [
    ...['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', picture],
    ...(codec === 'hevc'
      ? ['-c:v', 'libx265', '-x265-params', 'log-level=error:bframes=0', '-tag:v', 'hvc1']
      : ['-c:v', 'libx264']),
    ...['-preset', 'ultrafast', '-fps_mode', 'passthrough'],
    ...[
      '-pix_fmt',
      'yuv420p',
      '-g',
      '50',
      '-bf',
      '0',
      '-b:v',
      `${kbps}k`,
      '-maxrate',
      `${kbps}k`,
      '-bufsize',
      `${kbps}k`,
    ],
    whole,
  ]);
  const parts = join(folder, 'parts');
  mkdirSync(parts, { recursive: true });
  await run('ffmpeg', [
    ...[
      '-loglevel',
      'error',
      '-y',
      '-stream_loop',
      String(loops - 1),
      '-i',
      whole,
      '-map',
      '0:v:0',
      '-c',
      'copy',
    ],
    ...['-f', 'segment', '-segment_time', '4', '-reset_timestamps', '1', '-segment_format', 'mp4'],
    ...['-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof'],
    join(parts, '%06d.mp4'),
  ]);
  const files = readdirSync(parts).sort();
  return { codec, files: files.map((file) => join(parts, file)) };
}

/** One after the other, as of a camera that was set otherwise meanwhile. */
export const joinFilms = (first: Film, ...more: readonly Film[]): Film => ({
  ...first,
  files: [first, ...more].flatMap(({ files }) => files),
});

export interface FilmOptions {
  readonly seconds: number;
  readonly size?: string;
  readonly kbps?: number;
  readonly hue?: number;
  /** The same again so often, without encoding. */
  readonly loops?: number;
  readonly codec?: Film['codec'];
  /** From which second to which the camera sent nothing, and its file went on. */
  readonly silence?: readonly [number, number];
}

export interface EvidenceHub extends AsyncDisposable {
  readonly kept: KeptHub;
  readonly kiosk: KeptKiosk;
  readonly transactionId: string;
  /** When the service began. */
  readonly openedAt: number;
  readonly caseId: string;
  readonly inspector: ActUser;
  readonly second: ActUser;
  readonly footageRoot: string;
  /** By camera, in order: files under the root. */
  readonly segments: readonly (readonly string[])[];
  /** Asked, approved and written. */
  exportCase(why?: string, interval?: { readonly from: number; readonly to: number }): Promise<EvidenceRow>;
  mastersOf(row: EvidenceRow): number;
  close(): Promise<void>;
}

export interface EvidenceHubOptions {
  readonly films: readonly Film[];
  /** Segments of the first camera that were never written: a gap with its reason. */
  readonly missing?: readonly number[];
  /** Segments that were recorded and went later: camera, segment, by which rule, at whose request. */
  readonly deleted?: readonly {
    readonly camera: number;
    readonly index: number;
    readonly reason: DeletionReason;
    readonly by?: string;
  }[];
  /** The case is of a time of the counter, from so long before the service to so long after its beginning. */
  readonly interval?: { readonly beforeMs: number; readonly afterMs: number };
  /** This camera saw the counter no longer, from so long after the service began, and was called otherwise since. */
  readonly moved?: { readonly camera: number; readonly afterMs: number; readonly name: string };
  /** What people and things are called, where a test minds; `camera`: the first one. */
  readonly names?: Partial<
    Record<'office' | 'inspector' | 'second' | 'camera' | 'documentNumber' | 'purpose', string>
  >;
  /** How long the service took. */
  readonly servedMs?: number;
  /** Five hours ago it was opened, and nothing was heard since. */
  readonly unfinished?: boolean;
  /** How long ago it ended, and how late the hub hears of its footage; two minutes where nobody minds. */
  readonly agoMs?: number;
  /** The kiosk never met the hub's clock. */
  readonly unanchored?: boolean;
  /** Rated with this level by a code that was typed on a phone, and at the counter by nobody. */
  readonly typed?: 1 | 2 | 3 | 4 | 5;
}

const MINUTE = 60_000;

export async function evidenceHub(dir: string, options: EvidenceHubOptions): Promise<EvidenceHub> {
  const kept = await keptHub(dir);
  const { hub } = kept;
  const { admin, storage, clock, keys } = hub;
  const actor = 'test';
  const names = options.names ?? {};
  await saveOffice(admin, {
    ...{ id: null, actor },
    value: {
      name: names.office ?? 'Bộ phận Một cửa phường Bình An',
      place: 'Ninh Bình',
      phone: '',
      retentionDays: 30,
    },
  } as never);
  const kiosk = await kept.enrol();
  const user = async (username: string, name: string): Promise<ActUser> => {
    const value = {
      username,
      name,
      roles: ['inspector'] as const,
      active: true,
      password: 'mat-khau-thu-nghiem',
    };
    const userId = await saveUser(admin, { id: null, actor, value });
    return { kind: 'user', userId, username, name, roles: ['inspector'], sessionId: randomUUID() };
  };
  const inspector = await user('thanhtra', names.inspector ?? 'Nguyễn Thị Hạnh');
  const second = await user('thanhtra2', names.second ?? 'Đỗ Quang Huy');

  // The turn happened a while ago, so that all of its footage is closed.
  const servedMs = options.servedMs ?? 2_000;
  const agoMs = options.agoMs ?? (options.unfinished ? 300 : 2) * MINUTE;
  const openedAt = clock.now() - agoMs - servedMs;
  const cameras: CameraId[] = [];
  const cameraAs = (index: number, name?: string) =>
    ({
      name: name ?? (index === 0 ? names.camera : undefined) ?? `Camera ${index + 1} – mặt quầy`,
      ...{ address: `rtsp://127.0.0.1/${index + 1}`, user: '' },
      ...{ counterIds: [kiosk.place.counter], retentionDays: 30, latencyMs: 500, active: true },
    }) as never;
  for (const index of options.films.keys())
    cameras.push(await saveCamera(admin, { id: null, actor, value: cameraAs(index) }));
  const db = openWriter(dir);
  db.prepare('UPDATE camera_counter SET from_at = ?').run(openedAt - 60 * MINUTE);
  db.close();
  if (options.moved) await move(options.moved);

  /** To another counter, as an administrator sets it right afterwards. */
  async function move(moved: NonNullable<EvidenceHubOptions['moved']>): Promise<void> {
    const id = cameras[moved.camera]!;
    const at = openedAt + moved.afterMs;
    await saveCamera(admin, { id, actor, value: cameraAs(moved.camera, moved.name) });
    const map = openWriter(dir);
    map.prepare('UPDATE camera_counter SET to_at = ? WHERE camera_id = ?').run(at, id);
    map
      .prepare('INSERT INTO camera_counter (camera_id, counter_id, from_at) VALUES (?,?,?)')
      .run(id, randomUUID(), at);
    map.close();
  }

  const footageRoot = join(dir, 'footage', 'segments');
  mkdirSync(footageRoot, { recursive: true });
  const segments: string[][] = [];
  for (const [index, film] of options.films.entries()) {
    const camera = cameras[index]!;
    const facts = factsOf(
      film,
      camera,
      footageRoot,
      openedAt - 14_000,
      index === 0 ? (options.missing ?? []) : [],
    );
    for (const each of options.deleted ?? []) {
      const gone = facts.find(
        (fact) =>
          fact.kind === 'segment.closed' &&
          fact.segment.file === segmentFile(camera, each.index) &&
          each.camera === index,
      );
      if (gone?.kind !== 'segment.closed') continue;
      rmSync(join(footageRoot, gone.segment.file));
      const { reason, by } = each;
      const at = clock.now() - MINUTE;
      facts.push({ kind: 'segment.deleted', id: gone.segment.id, at, reason, by } as FootageFact);
    }
    segments.push(
      facts
        .flatMap((fact) => (fact.kind === 'segment.closed' ? [fact.segment.file] : []))
        .filter((file) => existsSync(join(footageRoot, file))),
    );
    await storage.footage.record({
      recorder: `recorder-${index}`,
      facts: facts.map((fact, at) => ({ cursor: at + 1, fact })),
    });
  }

  const { device, place } = kiosk;
  device.at = openedAt - 3_000;
  const chain = kept.start(kiosk);
  const hubAt = device.at + 1_000;
  const nonce = 'neo-thoi-gian-0001';
  const sig = keys.sign(Buffer.from(`hailong-anchor-v1\n${device.device}\n${nonce}\n${hubAt}`));
  if (options.unanchored !== true)
    device.append(chain, { type: 'time.anchor', hubAt, rttMs: 20, nonce, sig } as unknown as EventBody);
  const slip = options.typed === undefined ? null : admin.slipCodes.ofKiosk(device.device, 1).slip;
  const bodies = device
    .bodiesOf(place, { level: slip === null ? 2 : null })
    .map((body) => (slip !== null && body.type === 'rating.opened' ? { ...body, slip } : body) as EventBody);
  device.append(chain, bodies[0]!);
  device.at += servedMs;
  device.mono += servedMs;
  for (const body of options.unfinished ? [] : bodies.slice(1)) device.append(chain, body);
  // Its batches name the state of the log that it saw last.
  await kept.witness(kiosk);
  await kept.sync(kiosk);
  if (slip !== null) await typed(slip);
  await kept.witness(kiosk);
  const transactionId = (bodies[0] as { transaction: string }).transaction;

  const caseId = randomUUID();
  const { interval } = options;
  await storage.cases.openCase({
    ...{ id: caseId, type: 'complaint', documentNumber: names.documentNumber ?? '45/QĐ-VP', disputed: true },
    transactionId: interval ? null : transactionId,
    interval: interval
      ? {
          counterId: kiosk.place.counter,
          from: openedAt - interval.beforeMs,
          to: openedAt + interval.afterMs,
        }
      : null,
    purpose: names.purpose ?? 'Xác minh khiếu nại về thái độ phục vụ',
    assignee: { id: inspector.userId, name: inspector.name },
    at: clock.now(),
    audit: {
      ...{ at: clock.now(), actor: 'user:thanhtra', action: 'case.opened', object: '' },
      ...{ reason: 'Xác minh khiếu nại', body: { transactionId } },
    },
  } as never);

  async function typed(code: string): Promise<void> {
    const told = await storage.ownChain.votePrivate({
      ...{ route: { via: 'slip', slip: code }, phone: 'a'.repeat(64), at: clock.now() },
      ...{
        validMs: null,
        revoked: false,
        said: { stage: null, instrument: null },
        writer: admin.own.writer(),
      },
      ...{ vote: randomUUID(), answers: [{ question: 'overall', level: options.typed }], chips: null },
    } as never);
    if (!told.ok) throw new Error(told.code);
    await storage.inbox.project();
  }

  async function exportCase(
    why = 'theo yêu cầu',
    within?: { readonly from: number; readonly to: number },
  ): Promise<EvidenceRow> {
    const asked = await askAct(admin, inspector, {
      kind: 'evidence-export',
      body: {
        ...{ caseId, legalBasis: 'Điều 12 Quyết định số 45/QĐ-VP; Luật 91/2025/QH15' },
        ...(within ? { interval: within } : {}),
      },
      reason: `${names.purpose ?? 'Giao cho Thanh tra tỉnh'}, ${why}`,
    } as never);
    // With no hub running it is written when this answers.
    await approveAct(admin, second, asked.id);
    const row = await storage.evidence.package({ id: asked.id, at: clock.now() });
    if (!row) throw new Error('no package');
    return row;
  }
  return {
    ...{ kept, kiosk, transactionId, openedAt, caseId, inspector, second, footageRoot, segments, exportCase },
    mastersOf: (row) => readdirSync(join(row.folder ?? '', 'media/master')).length,
    close: () => kept.close(),
    [Symbol.asyncDispose]: () => kept.close(),
  };
}

/** In a folder of its own, with one film: the data lies in `data` there, and all of it goes when the hub is closed. */
export type FilmedHub = EvidenceHub & { readonly folder: string };

export async function filmedHub(
  name: string,
  film: FilmOptions,
  more: Omit<EvidenceHubOptions, 'films'> = {},
): Promise<FilmedHub> {
  const { path: folder, remove } = await tempFolder(name);
  const films = [await makeFilm(join(folder, 'film'), film)];
  const hub = await evidenceHub(join(folder, 'data'), { films, ...more });
  const close = async (): Promise<void> => {
    await hub.close();
    await remove();
  };
  return { ...hub, folder, close, [Symbol.asyncDispose]: close };
}

const segmentFile = (camera: CameraId, index: number): string =>
  `${camera}/${String(index).padStart(6, '0')}.mp4`;

/** What the recorder tells of a film whose first frame stands at `from`. */
function factsOf(
  film: Film,
  camera: CameraId,
  root: string,
  from: number,
  missing: readonly number[],
): FootageFact[] {
  const runId = randomUUID();
  mkdirSync(join(root, camera), { recursive: true });
  const facts: unknown[] = [
    {
      kind: 'run.mapped',
      mapping: {
        ...{
          run: runId,
          camera,
          version: 1,
          method: 'min-arrival',
          offsetMs: from,
          latencyMs: 500,
          boundMs: 300,
        },
      },
    },
  ];
  let at = 0;
  film.files.forEach((source, index) => {
    const content = readFilm(readFileSync(source));
    if (content?.kind !== 'film') throw new Error(source);
    const [mediaStartMs, mediaEndMs] = [at, at + content.durationMs];
    at = mediaEndMs;
    if (missing.includes(index)) {
      const gap = {
        id: randomUUID(),
        camera,
        from: from + mediaStartMs,
        to: from + mediaEndMs,
        reason: 'camera-down',
      };
      facts.push({ kind: 'gap.recorded', gap });
      return;
    }
    const file = segmentFile(camera, index);
    copyFileSync(source, join(root, file));
    facts.push({
      kind: 'segment.closed',
      segment: {
        ...{ id: v7({ msecs: from + mediaEndMs + 40 }), camera, run: runId, file, mediaStartMs, mediaEndMs },
        ...{
          arrivalAt: from + mediaEndMs + 40,
          arrivalMonoMs: mediaEndMs + 40,
          bytes: statSync(source).size,
        },
        sha256: createHash('sha256').update(readFileSync(source)).digest('hex'),
        ...{ codec: film.codec, flags: index === 0 ? ['first'] : [] },
      },
    });
    for (const { fromMs, toMs } of content.stalls ?? []) {
      const [begins, ends] = [from + mediaStartMs + fromMs, from + mediaStartMs + toMs];
      const gap = { id: randomUUID(), camera, from: begins, to: ends, reason: 'camera-silent' };
      facts.push({ kind: 'gap.recorded', gap });
    }
  });
  return facts as FootageFact[];
}
