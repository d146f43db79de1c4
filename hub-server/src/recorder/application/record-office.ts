/**
 * Purpose: the recorder as a whole: one keeper per active camera, expiry and reconciliation by the minute, what the hub
 * orders and what it asks. Goes on recording while the hub is away.
 * Refuses: two keepers for one camera; expiry while holds or reports are unknown, or of before the hub heard of a step of the clock;
 * recording onto a full disk.
 */
import type { CameraId } from '@hailong/shared/ids.ts';
import {
  type CameraState,
  type HubToRecorder,
  type RecorderCamera,
  UNDELETABLE_SHOWN,
  type UndeletableFiles,
} from '@hailong/shared/protocol/footage.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { DiskLimits } from '../domain/disk-rule.ts';
import { type Hold, holdsOf, type IsHeld } from '../domain/holds.ts';
import { type Orders, ordersOf } from '../domain/retention-rule.ts';
import { type ExpiryParts, expireFootage } from './expire-footage.ts';
import { CameraKeeper, type KeeperParts } from './keep-camera.ts';
import type { Hub } from './ports.ts';
import { type ReconcileParts, reconcile } from './reconcile.ts';

export type OfficeParts = KeeperParts &
  Omit<ReconcileParts, 'held'> & { readonly limits: DiskLimits; readonly hub: Pick<Hub, 'tellUndeletable'> };

export const TICK_MS = 60_000;
/** While recording pauses for want of space. */
export const FULL_TICK_MS = 5_000;
/** Files without a row are looked for this often; those modified within the quiet time may still be written. */
const SWEEP_MS = 3_600_000;
const QUIET_MS = 120_000;
/** The hub's copy of a deletion may be restored from a backup this old, ms. */
const REMEMBER_DELETED_MS = 30 * 86_400_000;

type Keeping = { readonly keeper: CameraKeeper; readonly camera: RecorderCamera };

export class RecordOffice {
  readonly #parts: OfficeParts;
  readonly #keepers = new Map<CameraId, Keeping>();
  readonly #known = new Set<CameraId>();
  #wanted: readonly RecorderCamera[] = [];
  #holds: readonly Hold[] | null = null;
  /** Null: the hub has not told holds and reports on this line. */
  #orders: Orders | null = null;
  #reported: Extract<HubToRecorder, { type: 'reported.set' }> | null = null;
  #acknowledged = 0;
  #full = false;
  #making = false;
  /** By the monotonic clock; null: not since the start. */
  #sweptAt: number | null = null;
  readonly #stuck = new Map<string, UtcMs>();
  /** As the hub was last told of them. */
  #toldStuck = '';
  #busy: Promise<void> = Promise.resolve();
  #cancelTick = (): void => undefined;
  #stopped = false;

  constructor(parts: OfficeParts) {
    this.#parts = parts;
    // What was told holds where footage lay before.
    parts.ledger.onMoved(() => this.hubAway());
  }

  /** Before the hub is there. */
  async start(): Promise<void> {
    await this.#guarded(() => this.#parts.files.removeSecrets());
    await this.#guarded(async () => {
      this.#full = await this.#expire();
    });
    this.#tickLater();
  }

  /** The hub can be asked. Before anything records, which comes behind it, index and disk are made to agree. */
  welcomed(acknowledged: number): void {
    this.#acknowledged = acknowledged;
    this.#toldStuck = '';
    this.#tellStuck();
    if (this.#sweptAt === null) this.#soon(() => this.#sweep(this.#keepers.size === 0 ? 0 : QUIET_MS));
  }

  setCameras({ cameras, allowCidrs }: Extract<HubToRecorder, { type: 'cameras.set' }>): void {
    this.#wanted = cameras;
    this.#parts.cameras.allow(allowCidrs);
    this.#soon(() => this.#settle());
  }

  setHolds({ holds }: Extract<HubToRecorder, { type: 'holds.set' }>): void {
    if (this.#isOutdated()) return;
    this.#holds = holds;
    if (this.#reported !== null) this.#orders = ordersOf(holds, this.#reported);
  }

  /** Comes after the holds that these reports brought about. The first one on a line sets expiry going. */
  setReported(reported: Extract<HubToRecorder, { type: 'reported.set' }>): void {
    if (this.#holds === null || this.#isOutdated()) return;
    const first = this.#reported === null;
    this.#reported = reported;
    this.#orders = ordersOf(this.#holds, reported);
    if (first) this.#soon(() => this.#makeRoom());
  }

  /** By what was told on this line; null: nothing yet, or before footage moved. */
  held(): IsHeld | null {
    return this.#holds === null ? null : holdsOf(this.#holds);
  }

  /** The hub has not heard of the newest step of the clock: it tells again once it has. */
  #isOutdated(): boolean {
    return this.#acknowledged < this.#parts.index.steppedAt();
  }

  /** Holds placed while the hub is away are unknown here. */
  hubAway(): void {
    this.#holds = this.#reported = this.#orders = null;
  }

  acknowledged(cursor: number): void {
    this.#acknowledged = cursor;
  }

  states(): readonly CameraState[] {
    return this.#wanted.map((camera) => this.#keepers.get(camera.id)?.keeper.state() ?? this.#idle(camera));
  }

  /** Stops every camera in order; what they closed is indexed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTick();
    const stopping = [...this.#keepers.values()].map(({ keeper }) => keeper.stop('recorder-down', null));
    await Promise.all([...stopping, this.#busy]);
    this.#keepers.clear();
  }

  /** Brings the keepers to what is wanted and possible. */
  async #settle(): Promise<void> {
    if (this.#stopped) return;
    const wanted = new Map(
      this.#wanted.filter((camera) => camera.active).map((camera) => [camera.id, camera]),
    );
    const stopping = [...this.#keepers].map(async ([id, { keeper, camera }]) => {
      const next = wanted.get(id);
      if (next !== undefined && !this.#full && sameStream(next, camera)) return keeper.rename(next);
      this.#keepers.delete(id);
      if (this.#full) return keeper.stop('disk-full', 'program.disk_full');
      return keeper.stop(next === undefined ? 'not-configured' : 'recorder-down', null);
    });
    await Promise.all(stopping);
    if (this.#stopped) return;
    const { ledger, clock, hub } = this.#parts;
    for (const camera of this.#wanted) {
      if (!this.#known.has(camera.id)) ledger.resumeAfterRestart(camera.id);
      this.#known.add(camera.id);
      if (this.#keepers.has(camera.id)) continue;
      if (camera.active && !this.#full)
        this.#keepers.set(camera.id, { keeper: new CameraKeeper(camera, this.#keeperParts()), camera });
      else ledger.interrupted(camera.id, camera.active ? 'disk-full' : 'not-configured', clock.now());
      hub.tellState(this.#keepers.get(camera.id)?.keeper.state() ?? this.#idle(camera));
    }
  }

  /** A disk that refuses a camera's picture is not left full until the next tick. */
  #keeperParts(): KeeperParts {
    const tellState = (state: CameraState): void => {
      this.#parts.hub.tellState(state);
      if (state.code !== 'program.disk_full' || this.#making || this.#full) return;
      this.#making = true;
      this.#soon(async () => {
        this.#making = false;
        await this.#makeRoom();
      });
    };
    return { ...this.#parts, hub: { tellState } };
  }

  /** Deletes what may go and brings the keepers to what the disk allows. */
  async #makeRoom(): Promise<void> {
    if (this.#stopped) return;
    const full = await this.#expire();
    if (full === this.#full) return;
    this.#full = full;
    this.#parts.log(full ? 'program.disk_full' : 'program.disk_full: over');
    this.#cancelTick();
    this.#tickLater();
    await this.#settle();
  }

  #tickLater(): void {
    if (this.#stopped) return;
    this.#cancelTick = this.#parts.timers.after(this.#full ? FULL_TICK_MS : TICK_MS, () => this.#tick());
  }

  #idle(camera: RecorderCamera): CameraState {
    const full = camera.active && this.#full;
    return {
      ...{ camera: camera.id, state: full ? 'down' : camera.active ? 'connecting' : 'off' },
      code: full ? 'program.disk_full' : null,
      ...{ codec: null, width: null, height: null, clockOffsetMs: null },
      at: this.#parts.clock.now(),
    };
  }

  #tick(): void {
    this.#soon(async () => {
      const { clock, index } = this.#parts;
      await this.#guarded(() => this.#makeRoom());
      await this.#guarded(async () => index.forget(this.#acknowledged, clock.now() - REMEMBER_DELETED_MS));
      if (this.#sweptAt !== null && clock.monotonic() - this.#sweptAt >= SWEEP_MS)
        await this.#guarded(() => this.#sweep(QUIET_MS));
      this.#cancelTick();
      this.#tickLater();
    });
  }

  async #sweep(quietMs: number): Promise<void> {
    // One that fails is tried again like any other.
    this.#sweptAt = this.#parts.clock.monotonic();
    if (await reconcile({ ...this.#parts, held: () => this.held() }, quietMs)) this.#sweptAt = -SWEEP_MS;
    // Recording waits for a sweep that has nobody to be quiet for.
    const { files } = this.#parts;
    if (quietMs > 0) await files.removeEmpty(files.now() - quietMs);
  }

  /** One pass; what will not go is told however it ends. */
  async #expire(): Promise<boolean> {
    try {
      return await expireFootage(this.#expiryParts(), this.#expiry());
    } finally {
      this.#tellStuck();
    }
  }

  #tellStuck(): void {
    const files = [...this.#stuck.keys()].sort();
    const since = files.length === 0 ? null : (Math.min(...this.#stuck.values()) as UtcMs);
    const told: UndeletableFiles = { count: files.length, since, files: files.slice(0, UNDELETABLE_SHOWN) };
    if (this.#toldStuck === JSON.stringify(told)) return;
    this.#toldStuck = JSON.stringify(told);
    this.#parts.hub.tellUndeletable(told);
  }

  #expiry() {
    return {
      orders: () => this.#orders,
      retentionDays: new Map(this.#wanted.map((camera) => [camera.id, camera.retentionDays])),
      paused: this.#full,
    };
  }

  #expiryParts(): ExpiryParts {
    return { ...this.#parts, stuck: this.#stuck };
  }

  /** Cleaning that fails is told, and keeps nobody from recording. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.#parts.log(String(error)));
  }

  #soon(work: () => Promise<void>): void {
    this.#busy = this.#busy.then(() => this.#guarded(work));
  }
}

function sameStream(a: RecorderCamera, b: RecorderCamera): boolean {
  const same = (key: 'address' | 'user' | 'password') => a[key] === b[key];
  return same('address') && same('user') && same('password') && (a.via ?? null) === (b.via ?? null);
}
