/**
 * Purpose: whether an evidence package is what its hub signed, whole and unchanged, and what in it agrees with what: the
 *   one judgement behind `hailong-evidence verify` and KIEM-TRA.html. Everything it needs comes in: files, hashing, keys.
 * Refuses: by findings with their place, never by throwing; it opens no file whose name no package has.
 * Document: shared/PROTOCOL.md, "Evidence package".
 */
import { type Sha256, toHex } from '../edge/event.ts';
import { toBase64Url } from '../log/base64.ts';
import type { VerifySignature } from '../log/checkpoint.ts';
import { checkLog } from './check-log.ts';
import { checkMedia, type MediaFacts } from './check-media.ts';
import { checkRating } from './check-rating.ts';
import { checkWitness } from './check-witness.ts';
import { createCopyTable, type MasterPictures } from './copy-table.ts';
import { type Finding, Findings } from './findings.ts';
import { hubOf, keyDigits, readHubKey } from './hub-key.ts';
import { type PackageManifest, packageManifest, packageTimeline } from './manifest.ts';
import { createMediaTap } from './media-tap.ts';
import {
  BEYOND_MANIFEST,
  FILE_BYTES_MAX,
  FILES_MAX,
  FIRST_VERSION,
  HUB_KEY,
  isPackagePath,
  MANIFEST,
  MASTERS,
  NEEDED,
  SUMS,
  SUMS_SIGNATURE,
  shownPath,
  TEXT_BYTES_MAX,
  TIMELINE,
  UNLISTED,
  WORKING,
} from './package-files.ts';
import { readForm } from './read-form.ts';
import { createSampleTimes, type SampleHeard } from './sample-times.ts';
import { readSums } from './sums.ts';

export interface PackageEntry {
  /** Relative, forward slashes. */
  readonly path: string;
  readonly bytes: number;
  /** False: a link, a socket, whatever else is no regular file. */
  readonly regular: boolean;
}

export interface PackageSource {
  /** Everything but folders; stops soon after FILES_MAX. */
  list(): Promise<readonly PackageEntry[]>;
  /** Every byte in order; each piece is valid until the call returns. */
  read(path: string, piece: (bytes: Uint8Array) => void): Promise<void>;
}

export interface RunningHash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

export interface VerifyParts {
  readonly sha256: Sha256;
  newHash(): RunningHash;
  readonly verify: VerifySignature;
  /** Bytes read so far, of all. */
  progress?(done: number, total: number): void;
}

export interface PackageReport {
  readonly good: boolean;
  readonly findings: readonly Finding[];
  /** Also those that are not listed. */
  readonly found: number;
  readonly files: number;
  readonly bytes: number;
  /** What the key's holder is to be compared by; null: no readable key. */
  readonly keyDigits: string | null;
  /** Given, and the same. */
  readonly keyCompared: boolean;
  /** SHA-256 of manifest.json, as the paper has it; null: there is none. */
  readonly packageHash: string | null;
  readonly manifest: PackageManifest | null;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `keyHash`: hex digits of the printed key, 32 or 64 (`readKeyDigits`); null: nothing to compare with. */
export async function verifyPackage(
  source: PackageSource,
  parts: VerifyParts,
  keyHash: string | null,
): Promise<PackageReport> {
  const found = new Findings();
  const report = {
    files: 0,
    bytes: 0,
    keyDigits: null,
    keyCompared: false,
    packageHash: null,
    manifest: null,
  };
  let facts: Omit<PackageReport, 'good' | 'findings' | 'found'> = report;
  try {
    const entries = await source.list();
    facts = { ...report, files: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) };
    if (judgeNames(entries, found))
      facts = { ...facts, ...(await check(source, entries, parts, keyHash, found)) };
  } catch (error) {
    found.find('package.unreadable', error instanceof Error ? shownPath(error.message) : '?');
  }
  return { ...facts, good: found.count === 0, findings: found.kept, found: found.count };
}

/** False: nothing of it is opened. */
function judgeNames(entries: readonly PackageEntry[], found: Findings): boolean {
  if (entries.length > FILES_MAX + UNLISTED.size) {
    found.find('package.too_large', `> ${FILES_MAX}`);
    return false;
  }
  const seen = new Set<string>();
  for (const { path, bytes, regular } of entries) {
    const folded = path.toLowerCase();
    if (!isPackagePath(path) || seen.has(folded)) found.find('package.name', shownPath(path));
    else if (!regular) found.find('package.link', shownPath(path));
    else if (bytes > FILE_BYTES_MAX) found.find('package.too_large', path);
    seen.add(folded);
  }
  return found.count === 0;
}

interface HashedFile extends MediaFacts {
  readonly sha256: string;
  readonly bytes: number;
}

/** Reads one file once: its hash and, of footage, that of the pictures. `also` hears them too. */
async function readFile(
  source: Pick<PackageSource, 'read'>,
  path: string,
  parts: VerifyParts,
  heard: (bytes: number) => void,
  also?: (bytes: Uint8Array) => void,
  heardPicture?: SampleHeard,
): Promise<HashedFile> {
  const hash = parts.newHash();
  const pictures = path.endsWith('.mp4') ? parts.newHash() : null;
  const tap = pictures
    ? createMediaTap((bytes) => {
        pictures.update(bytes);
        also?.(bytes);
      })
    : null;
  const times = path.startsWith(MASTERS) ? createSampleTimes(heardPicture) : null;
  const table = path.startsWith(WORKING) ? createCopyTable() : null;
  let bytes = 0;
  await source.read(path, (piece) => {
    hash.update(piece);
    tap?.update(piece);
    times?.update(piece);
    table?.update(piece);
    bytes += piece.length;
    heard(piece.length);
  });
  return {
    ...{ sha256: toHex(hash.digest()), bytes, whole: tap?.whole() ?? true },
    ...{ pictures: pictures ? toHex(pictures.digest()) : null, times: times?.read() ?? null },
    table: table?.read() ?? null,
  };
}

async function readText(source: PackageSource, path: string, bytes: number): Promise<Uint8Array> {
  if (bytes > TEXT_BYTES_MAX) throw new RangeError(path);
  const whole = new Uint8Array(bytes);
  let at = 0;
  await source.read(path, (piece) => {
    whole.set(piece, at);
    at += piece.length;
  });
  return whole.subarray(0, at);
}

type Checked = Pick<PackageReport, 'keyDigits' | 'keyCompared' | 'packageHash' | 'manifest'>;

async function check(
  source: PackageSource,
  entries: readonly PackageEntry[],
  parts: VerifyParts,
  keyHash: string | null,
  found: Findings,
): Promise<Checked> {
  const sizes = new Map(entries.map(({ path, bytes }) => [path, bytes]));
  for (const path of NEEDED) if (!sizes.has(path)) found.find('package.missing', path);
  // What is understood is what was hashed: a store that answers twice is asked once.
  const held = new Map<string, Uint8Array | null>();
  const readOnce = async (path: string): Promise<Uint8Array | null> => {
    const bytes = sizes.get(path);
    if (bytes === undefined) return null;
    if (bytes > TEXT_BYTES_MAX) found.find('package.too_large', path);
    return bytes > TEXT_BYTES_MAX ? null : readText(source, path, bytes);
  };
  const read = async (path: string): Promise<Uint8Array | null> => {
    const bytes = held.has(path) ? (held.get(path) ?? null) : await readOnce(path);
    held.set(path, bytes);
    return bytes;
  };
  const text = async (path: string): Promise<string | null> => {
    const bytes = await read(path);
    try {
      return bytes && strictUtf8.decode(bytes);
    } catch {
      return null;
    }
  };

  // 1. Whose key, and is the list what it signed?
  const hubKey = readHubKey((await text(HUB_KEY)) ?? '');
  if (hubKey === null && sizes.has(HUB_KEY)) found.find('key.form', HUB_KEY);
  const hub = hubKey === null ? null : hubOf(parts.sha256, hubKey);
  const isCompared = keyHash !== null && hub !== null;
  if (isCompared && !hub.startsWith(keyHash)) found.find('key.other', HUB_KEY);
  const sumsBytes = await read(SUMS);
  const signature = await read(SUMS_SIGNATURE);
  const signed =
    hubKey !== null &&
    sumsBytes !== null &&
    signature?.length === 64 &&
    parts.verify(hubKey, sumsBytes, toBase64Url(signature));
  if (!signed && sumsBytes !== null && signature !== null) found.find('sums.signature', SUMS_SIGNATURE);
  const sums = readSums(sumsBytes === null ? '' : asText(sumsBytes));
  if (sums === null && sumsBytes !== null) found.find('sums.form', SUMS);

  // 2. Exactly these files, with exactly these bytes?
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const heard = (bytes: number) => {
    done += bytes;
    parts.progress?.(done, total);
  };
  for (const path of UNDERSTOOD) await read(path);
  const once: Pick<PackageSource, 'read'> = {
    read: async (path, piece) => {
      const bytes = held.get(path);
      if (bytes) piece(bytes);
      else await source.read(path, piece);
    },
  };
  const hashed = new Map<string, HashedFile>();
  for (const path of sums?.keys() ?? [])
    if (!sizes.has(path) && !NEEDED.includes(path)) found.find('package.missing', path);
  for (const { path } of entries) {
    if (UNLISTED.has(path)) continue;
    const wanted = sums?.get(path);
    if (wanted === undefined) {
      if (sums) found.find('package.strange', path);
      continue;
    }
    const file = await readFile(once, path, parts, heard);
    hashed.set(path, file);
    if (file.sha256 !== wanted) found.find('file.hash', path);
    if (!file.whole) found.find('media.broken', path);
  }

  // What this hub did not sign could be made to keep a reader busy, and nothing it says counts.
  const isStrange = (path: string): boolean =>
    sizes.has(path) && (hashed.get(path)?.sha256 ?? '') !== sums?.get(path);
  if (!signed || (isCompared && !hub.startsWith(keyHash)) || UNDERSTOOD.some(isStrange))
    return {
      ...{ keyDigits: hub === null ? null : keyDigits(hub), manifest: null },
      ...{ keyCompared: false, packageHash: hashed.get(MANIFEST)?.sha256 ?? null },
    };

  // 3. Does what it says agree with itself, with the log and with the chain?
  const manifestText = await text(MANIFEST);
  const packageHash = hashed.get(MANIFEST)?.sha256 ?? null;
  const manifest = manifestText === null ? null : readForm(manifestText, packageManifest);
  const checked = {
    ...{ keyDigits: hub === null ? null : keyDigits(hub), packageHash, manifest },
    keyCompared: isCompared && hub.startsWith(keyHash),
  };
  if (manifest === null) {
    if (sizes.has(MANIFEST)) found.find('manifest.form', MANIFEST);
    return checked;
  }
  if (hubKey !== null && manifest.hub.key !== hubKey) found.find('key.differs', MANIFEST);
  judgeManifestFiles(manifest, hashed, found);
  const timeline = readForm((await text(TIMELINE)) ?? '', packageTimeline);
  if (timeline === null) found.find('timeline.form', TIMELINE);
  else {
    const picturesOf = async (masters: readonly string[], played: MasterPictures): Promise<string> => {
      const pictures = parts.newHash();
      for (const path of masters) {
        played.begin();
        const again = await readFile(
          source,
          path,
          parts,
          () => undefined,
          (bytes) => pictures.update(bytes),
          played.heard,
        );
        if (again.sha256 !== hashed.get(path)?.sha256) found.find('file.hash', path);
      }
      return toHex(pictures.digest());
    };
    await checkMedia({ manifest, timeline, hashed, picturesOf }, found);
  }
  if (hubKey === null) return checked;
  const context = { hubKey, sha256: parts.sha256, verify: parts.verify, manifest, timeline };
  const { committed, proven } = checkLog(context, { text: await readAll(text, LOG_TEXTS) }, found);
  const chain = checkRating(context, { text: await readAll(text, RATING_TEXTS), committed }, found);
  if (proven && chain && manifest.v !== FIRST_VERSION)
    checkWitness(context, proven.checkpoint, proven.proofs, chain, found);
  return checked;
}

const LOG_TEXTS = ['audit/checkpoint.txt', 'audit/proofs.json', 'custody.jsonl'] as const;
const RATING_TEXTS = ['rating/chain.json', 'rating/rating.json'] as const;
const UNDERSTOOD = [MANIFEST, TIMELINE, ...LOG_TEXTS, ...RATING_TEXTS];

async function readAll<Path extends string>(
  read: (path: string) => Promise<string | null>,
  paths: readonly Path[],
): Promise<Readonly<Record<Path, string | null>>> {
  const texts = {} as Record<Path, string | null>;
  for (const path of paths) texts[path] = await read(path);
  return texts;
}

function asText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return '';
  }
}

function judgeManifestFiles(
  manifest: PackageManifest,
  hashed: ReadonlyMap<string, HashedFile>,
  found: Findings,
): void {
  const listed = new Set<string>();
  for (const file of manifest.files) {
    const held = hashed.get(file.path);
    if (
      listed.has(file.path) ||
      BEYOND_MANIFEST.has(file.path) ||
      (held && (held.sha256 !== file.sha256 || held.bytes !== file.size))
    )
      found.find('manifest.files', file.path);
    listed.add(file.path);
  }
  for (const path of hashed.keys())
    if (!listed.has(path) && !BEYOND_MANIFEST.has(path)) found.find('manifest.files', path);
}
