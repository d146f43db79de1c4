/** What the recorder's verbs need. Each index call is one transaction and answers after it is on disk. */
import type { CameraId, SegmentId } from '@hailong/shared/ids.ts';
import type { FrameResult, FrameSource } from '@hailong/shared/protocol/cameras.ts';
import type {
  CameraState,
  ClockStep,
  FootageFact,
  Gap,
  GapReason,
  HeldRow,
  ProbeResult,
  RecorderCamera,
  RunMapping,
  Segment,
  UndeletableFiles,
} from '@hailong/shared/protocol/footage.ts';
import type { UnplacedRun } from '../domain/place-between.ts';
import type { SavedWall } from '../domain/steady-wall.ts';

/** A fact with its place in the recorder's own order; the hub acknowledges up to a cursor. */
export interface NumberedFact {
  readonly cursor: number;
  readonly fact: FootageFact;
}

/** A kept segment with its wall clock by its run's newest mapping. */
export interface KeptSegment {
  /** In order of recording. */
  readonly row: number;
  readonly id: SegmentId;
  readonly camera: CameraId;
  readonly file: string;
  readonly bytes: number;
  readonly wallFrom: number;
  readonly wallTo: number;
  /** False: nobody can say yet when it was filmed. */
  readonly placed: boolean;
  /** What its place may be wrong by, ms. */
  readonly boundMs: number;
}

/** By the clock of which boot a run is placed, and whether that is sure. */
export interface BoundRun {
  readonly run: string;
  readonly boot: string;
  readonly sure: boolean;
}

/** A silence inside a run, ms from its start, and the gap that tells of it once the run is placed. */
export interface Stall {
  readonly gap: Gap['id'];
  readonly run: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Kept segments in order of their end; give the last one of a page to get the next page. */
export interface KeptQuery {
  readonly camera?: CameraId;
  /** Only those that ended before, UTC ms. */
  readonly before?: number;
  readonly after?: Pick<KeptSegment, 'id' | 'wallTo'>;
}

/** A file that nobody can read, kept while a hold covers it. */
export interface TornRow {
  readonly file: string;
  /** As it was when it was read, by the clock that dates files, UTC ms. */
  readonly modifiedAt: number;
  /** When it may have been filmed, UTC ms. */
  readonly begins: readonly number[];
}
export interface TornRows {
  tornRow(file: string): TornRow | null;
  keepTorn(row: TornRow): void;
  dropTorn(file: string): void;
  /** In order of their names; give the last one to get the next page. */
  tornFiles(after: string | null, limit: number): readonly string[];
}

export interface FootageIndex extends TornRows {
  /** Minted at the first start; a recorder with another index is another recorder. */
  recorderId(): string;
  /** The hub knows more of this recorder than it does itself (an old copy of the index): tells all under a new name. */
  becomeAnother(): void;
  lastCursor(): number;
  /** Stores the facts and whatever rows they stand for, in one transaction. `stalls` are not told yet. */
  record(facts: readonly FootageFact[], bound?: readonly BoundRun[], stalls?: readonly Stall[]): void;
  /** Of a run that is not placed; they go with the mapping that places it. */
  stallsOf(run: string): readonly Stall[];
  factsAfter(cursor: number, limit: number): readonly NumberedFact[];
  lastMapping(run: string): RunMapping | null;
  /** What the recorder before this one believed of the time; null: nothing is known. */
  wall(): SavedWall | null;
  saveWall(wall: SavedWall): void;
  /** When a recorder last said that it lives, UTC ms; null: it never had to. */
  alive(): number | null;
  saveAlive(at: number): void;
  /** Newest mappings of the runs of a boot, and between when they lie by them. */
  runsOf(
    boot: string,
  ): readonly { readonly mapping: RunMapping; readonly from: number; readonly to: number }[];
  /** Cursor of the newest fact that tells of a step of the clock; 0: none does. */
  steppedAt(): number;
  /** The step of the clock that goes on; null: none does. */
  openStep(): ClockStep | null;
  /** Those that began or ended at that moment or later. */
  gapsSince(at: number): readonly Gap[];
  /** Stores the facts that place a boot's runs anew together with the clock they are placed by. */
  placeAnew(wall: SavedWall, facts: readonly FootageFact[]): void;
  /** Runs that a clock left unplaced, in order of recording. */
  unplacedRuns(): readonly UnplacedRun[];
  /** End of the newest footage of a sure clock that was recorded before that row; null: none. */
  placedBefore(row: number): number | null;
  /** Beginning of the first that was filmed under a sure clock after it; null: none. */
  placedAfter(row: number): number | null;
  /** Stores what is known of these runs now: placed, or at least between which moments they lie. */
  placeBetween(facts: readonly FootageFact[]): void;
  /** End of the newest footage of other boots; 0: none. */
  newestPlaced(boot: string): number;
  /** End of the newest footage of this camera by its run's newest mapping; null when it has none. */
  newestEnd(camera: CameraId): number | null;
  openGap(camera: CameraId): Gap | null;
  /** Whether a row names it, or named it and its removal is due. */
  hasFile(file: string): boolean;
  /** Of these files, those that neither a row nor a due removal names. */
  withoutRow(files: readonly string[]): readonly string[];
  /** Number of the newest row: rows that are kept later have a higher one. */
  newestRow(): number;
  /** Rows up to that number in order of their files' names; give the last name to get the next page. */
  rowsByFile(after: string | null, upTo: number, limit: number): readonly Pick<KeptSegment, 'id' | 'file'>[];
  /** Which row keeps the file of this name. */
  idOf(file: string): SegmentId | null;
  /** Kept rows in order of their ids, of those that the hub has acknowledged. */
  idsAfter(after: SegmentId | null, acknowledged: number, limit: number): readonly SegmentId[];
  /** Cursor at which the deletion of this segment was told; null: it was not. */
  deletionOf(id: SegmentId): number | null;
  /** Tells again, as new facts, all that was told of this segment. */
  tellAgain(id: SegmentId): void;
  /** Takes a row of the hub over as it is; the other row of its file, if there is one, is told as lost in somebody's name. */
  takeOver(row: HeldRow, instead: Extract<FootageFact, { kind: 'segment.deleted' }> | null): void;
  /** Where the kept file of this name lies in its run. */
  placeOf(file: string): { readonly run: string; readonly mediaEndMs: number } | null;
  kept(query: KeptQuery, limit: number): readonly KeptSegment[];
  /** Those that are not placed in order of recording; give the last one to get the next page. */
  keptUnplaced(after: KeptSegment | null, limit: number): readonly KeptSegment[];
  /** End of the newest footage of a sure clock that was recorded before any of those; 0: none. */
  unplacedSince(): number;
  /** Of kept segments, and of files that still wait for their removal. */
  keptBytes(): number;
  /** Of what a camera filmed in [from, to]. */
  bytesBetween(camera: CameraId, from: number, to: number): number;
  /** Files whose row was deleted and which may still lie there, in order of their names; give the last one to get the next page. */
  toRemove(limit: number, after: string | null): readonly string[];
  removed(file: string): void;
  /**
   * Forgets, of what the hub has acknowledged: mappings and gaps that a later fact replaced; segments deleted before `before`, with
   * runs that keep none; gaps that ended before it and lie before all kept footage. What still exists can always be told again.
   */
  forget(acknowledged: number, before: number): void;
}

export interface FootageFiles {
  /** Absolute path of a file named relative to the footage root. */
  path(file: string): string;
  /** Relative name, forward slashes; null when the path lies outside the root. */
  name(path: string): string | null;
  /** Syncs the file and its folder, then hashes it; `film` is what those same bytes hold, null where `inspect` must be asked. */
  seal(file: string): Promise<{
    readonly bytes: number;
    readonly sha256: Segment['sha256'];
    readonly film: FileContent | null;
  }>;
  /** Throws where the disk refuses. */
  remove(file: string): Promise<void>;
  /** Removes input files with a login that a killed process left, as far as they can be reached. */
  removeSecrets(): Promise<void>;
  /** Removes folders of runs in which nothing lies and nothing changed since, by `now()`. */
  removeEmpty(before: number): Promise<void>;
  /** Names of every media file in readable folders under the root, a page at a time; between two pages everybody else has a turn. */
  list(): AsyncIterable<readonly string[]>;
  /** Media files that lie in a folder itself, named without it. Throws where it is there and cannot be read. */
  inFolder(folder: string): Promise<{ has(name: string): boolean }>;
  /** Now by the clock that dates files, UTC ms: the machine's, which somebody may have set. */
  now(): number;
  /** Modification time by that clock, UTC ms; null when it is gone. Throws where the disk does not say. */
  modifiedAt(file: string): Promise<number | null>;
  freeBytes(): Promise<number>;
}

/** What a closed media file holds; `broken`: no player can read it; `unknown`: could not be asked now. */
export type FileContent =
  | {
      readonly kind: 'film';
      readonly durationMs: number;
      readonly codec: Segment['codec'];
      /** Length of the file's header; undefined when it is not a fragmented MP4. */
      readonly initBytes?: number;
      /** Its end is missing, whatever was claimed of it. */
      readonly torn?: boolean;
      /** Times in it, from its start, in which no picture came. */
      readonly stalls?: readonly { readonly fromMs: number; readonly toMs: number }[];
    }
  | { readonly kind: 'broken' }
  | { readonly kind: 'unknown' };
export type InspectFile = (path: string) => Promise<FileContent>;

/** Offset and bound of one run as its segments arrive. */
export interface RunClock {
  observe(segment: {
    readonly mediaEndMs: number;
    readonly arrivalAt: number;
    readonly arrivalMonoMs: number;
  }): { readonly offsetMs: number; readonly boundMs: number };
  /** The clock of a run that continues this one: media time there = media time here − `shiftMs`. */
  continued(shiftMs: number): RunClock;
}

/** What a camera's recording tells. */
export type RecorderFact =
  | {
      readonly kind: 'run-started';
      readonly run: string;
      readonly continues?: { readonly run: string; readonly shiftMs: number };
    }
  | {
      readonly kind: 'segment';
      readonly run: string;
      /** Absolute. */
      readonly file: string;
      readonly mediaStartMs: number;
      readonly mediaEndMs: number;
      readonly arrivalAt: number;
      readonly arrivalMonoMs: number;
      readonly flags: readonly Segment['flags'][number][];
    }
  | { readonly kind: 'run-ended'; readonly run: string; readonly reason: GapReason }
  | {
      readonly kind: 'state';
      readonly state: 'connecting' | 'recording' | 'down';
      readonly code: string | null;
      readonly codec: string | null;
      readonly width: number | null;
      readonly height: number | null;
    };

/** One camera being recorded; reconnects by itself until stopped. */
export interface StreamRecorder {
  stop(): Promise<void>;
}

/** `id`: the camera that is kept; absent: one that is being entered, of which nothing is remembered. */
export type Login = Pick<RecorderCamera, 'address' | 'user' | 'password' | 'via'> & {
  readonly id?: CameraId | undefined;
};

/** Where the pictures come from now: resolved, inside the allowed networks, with the address pinned. */
export type FoundStream =
  | { readonly ok: true; readonly streamUri: string; readonly clockOffsetMs: number | null }
  | { readonly ok: false; readonly code: string; readonly detail: string };

export interface Cameras {
  /** Networks cameras may be in; empty: private networks. */
  allow(cidrs: readonly string[]): void;
  find(camera: Login): Promise<FoundStream>;
  /** Whether anybody listens at its address: one TCP connection, within a second. */
  knock(camera: Login): Promise<boolean>;
  record(
    camera: RecorderCamera,
    streamUri: string,
    folder: string,
    listen: (fact: RecorderFact) => void,
  ): StreamRecorder;
  runClock(): RunClock;
  probe(camera: Login): Promise<ProbeResult>;
  /** Camera clock minus this machine's, ms; null when it tells none, or cannot be asked now. */
  clockOffset(camera: Login): Promise<number | null>;
  /** A picture of now, or of a file under the footage root. */
  frame(from: FrameSource): Promise<FrameResult>;
  discover(): Promise<{
    readonly found: readonly { readonly address: string; readonly name: string }[];
    readonly code: string | null;
  }>;
}

/** The line to the hub. It may be away: facts are told again from the index. */
export interface Hub {
  /** New facts are in the index. */
  factsRecorded(): void;
  tellState(state: CameraState): void;
  /** Files that the disk does not let go, all there are. */
  tellUndeletable(files: UndeletableFiles): void;
  /** What the hub holds of these files. Null: it is away, or does not answer. */
  heldRows(
    files: readonly { readonly file: string; readonly modifiedAt: number }[],
  ): Promise<readonly HeldRow[] | null>;
}

export interface Ids {
  uuid(): string;
}

/** One line for the operator; never a password. */
export type Log = (text: string) => void;
