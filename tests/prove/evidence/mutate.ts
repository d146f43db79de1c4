/*
 * Purpose: what a forger does to a package: a byte, a name, a file that is gone, two that changed places, a gap that was
 * edited with everything but the signature made to fit, or all of it signed again by another key.
 * Each answers what it did, in a sentence; the folder is a copy whose files may be hard links, so files are replaced.
 */
import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatHubKey, hubOf } from '@hailong/shared/evidence/hub-key.ts';
import type { PackageManifest } from '@hailong/shared/evidence/manifest.ts';
import {
  CHAIN,
  CHECK_PAGE,
  CHECKPOINT,
  GUIDE,
  HUB_KEY,
  MANIFEST,
  PAPER,
  SUMS,
  SUMS_SIGNATURE,
} from '@hailong/shared/evidence/package-files.ts';
import type { PackageChain } from '@hailong/shared/evidence/proofs.ts';
import { formText } from '@hailong/shared/evidence/read-form.ts';
import { formatSums, readSums } from '@hailong/shared/evidence/sums.ts';
import { logOrigin, readCheckpoint, signCheckpoint } from '@hailong/shared/log/checkpoint.ts';
import { sha256 } from '../../../hub-server/src/adapters/sha256.ts';
import { guideText } from '../../../hub-server/src/evidence/guide.ts';
import { drawPaper } from '../../../hub-server/src/evidence/paper.ts';
import type { Random } from '../mutations/random.ts';

/** Every file of the folder, in order of its path. */
export function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(root.length + 1))
    .sort();
}

export const read = (root: string, path: string): Buffer => readFileSync(join(root, path));
/** Never into the bytes of a hard link. */
export function replace(root: string, path: string, bytes: string | Uint8Array): void {
  rmSync(join(root, path));
  writeFileSync(join(root, path), bytes);
}

/** Makes the list, and what the manifest says of files, fit what lies there. */
export function refit(root: string): string {
  const manifest = JSON.parse(read(root, MANIFEST).toString('utf8')) as {
    files: { path: string; size: number; sha256: string }[];
  };
  for (const file of manifest.files) {
    const bytes = read(root, file.path);
    Object.assign(file, { size: bytes.length, sha256: hash('sha256', bytes, 'hex') });
  }
  replace(root, MANIFEST, formText(manifest));
  const listed = [...(readSums(read(root, SUMS).toString('utf8')) ?? new Map()).keys()];
  const sums = formatSums(new Map(listed.map((path) => [path, hash('sha256', read(root, path), 'hex')])));
  replace(root, SUMS, sums);
  return sums;
}

export function edit(root: string, path: string, change: (value: never) => void): void {
  const value = JSON.parse(read(root, path).toString('utf8'));
  change(value as never);
  replace(root, path, formText(value));
}

/** The manifest said otherwise; nothing is made to fit. */
export function editManifest(root: string, change: (manifest: PackageManifest) => void): void {
  edit(root, MANIFEST, change);
}

interface Gap {
  from: number;
  to: number;
  reason: string;
  deletion?: { firstAt: number; lastAt: number; by: { actor: string; name: string; roles: string[] } | null };
}
interface Edited {
  hub: { key: string };
  purpose: string;
  asked: { from: number; to: number };
  cameras: { gaps: Gap[]; delivered: { from: number; to: number }[]; state: string; boundAfterMs: number }[];
}

function editGap(root: string, random: Random): string {
  const how = random.below(5);
  edit(root, MANIFEST, (manifest: Edited) => {
    const camera = manifest.cameras.find(({ gaps }) => gaps.length > 0)!;
    const gap = camera.gaps[0]!;
    if (how === 0) camera.gaps = [];
    else if (how === 1) gap.reason = 'not-configured';
    else if (how === 2) gap.from += 1_000;
    else if (how === 3) {
      const [first, second] = camera.delivered;
      if (first && second) camera.delivered = [{ from: first.from, to: second.to }];
      camera.gaps = camera.gaps.slice(1);
    } else manifest.purpose = `${manifest.purpose}.`;
  });
  return ['no gap any more', 'another reason', 'a shorter gap', 'bridged', 'another purpose'][how] ?? '';
}

/** Why, by whom or when footage went, said otherwise. */
export function editDeletion(root: string, how: number): string {
  edit(root, MANIFEST, (manifest: Edited) => {
    const gap = manifest.cameras.flatMap(({ gaps }) => gaps).find(({ deletion }) => deletion !== undefined)!;
    const deletion = gap.deletion!;
    if (how === 0) gap.reason = gap.reason === 'expired' ? 'deleted-budget' : 'expired';
    else if (how === 1)
      deletion.by =
        deletion.by === null
          ? { actor: 'user:thanhtra', name: 'Nguyễn Thị Hạnh', roles: ['inspector'] }
          : null;
    else if (how === 2) {
      deletion.firstAt -= 86_400_000;
      deletion.lastAt -= 86_400_000;
    } else if (how === 3) {
      gap.reason = 'camera-down';
      delete gap.deletion;
    } else delete gap.deletion;
  });
  return ['another rule', 'another person', 'another day', 'a camera that was down', 'nobody'][how] ?? '';
}
export const DELETION_EDITS = 5;

function signAgain(root: string, sums: string, key: ReturnType<typeof generateKeyPairSync>): void {
  replace(root, SUMS_SIGNATURE, sign(null, Buffer.from(sums), key.privateKey as never));
}
const foreign = () => generateKeyPairSync('ed25519');
const rawOf = (key: ReturnType<typeof foreign>): string =>
  key.publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('base64url');

/**
 * As a forger would who has a hub's programs and no key of it: manifest, certificates, checkpoint, guide and paper under another key, and
 * nothing in it contradicts anything. Only the printed digits of the true key do.
 */
async function remakeWhole(root: string, random: Random): Promise<string> {
  const key = foreign();
  const publicKey = rawOf(key);
  const signer = {
    publicKey,
    sign: (bytes: Uint8Array) => sign(null, bytes, key.privateKey).toString('base64url'),
  };
  const isPurpose = random.below(2) === 0;
  edit(root, MANIFEST, (manifest: PackageManifest) => {
    manifest.hub.key = publicKey;
    // The device signed for the log of the true hub.
    manifest.notProven = [...manifest.notProven, 'witness-older-log'];
    const gap = manifest.cameras.flatMap(({ gaps }) => gaps).find(({ deletion }) => deletion === undefined);
    if (isPurpose || gap === undefined) manifest.purpose = `${manifest.purpose}.`;
    else gap.reason = gap.reason === 'recorder-down' ? 'camera-down' : 'recorder-down';
  });
  edit(root, CHAIN, ({ devices }: PackageChain) => {
    for (const { certificate } of devices)
      if (certificate) certificate.sig = signer.sign(Buffer.from(certificate.bytes, 'base64url'));
  });
  const note = readCheckpoint(read(root, CHECKPOINT).toString('utf8'));
  if (!note.ok) throw new Error('no checkpoint');
  const [, , lineage = ''] = note.body.origin.split('/');
  const origin = logOrigin(hubOf(sha256, publicKey), lineage);
  replace(root, CHECKPOINT, signCheckpoint({ ...note.body, origin }, signer, sha256));
  replace(root, HUB_KEY, formatHubKey(publicKey));
  const made = JSON.parse(read(root, MANIFEST).toString('utf8')) as PackageManifest;
  replace(root, GUIDE, guideText(made, hash('sha256', read(root, CHECK_PAGE), 'hex')));
  refit(root);
  const manifest = read(root, MANIFEST);
  const paper = await drawPaper(
    JSON.parse(manifest.toString('utf8')) as PackageManifest,
    hash('sha256', manifest, 'hex'),
  );
  replace(root, PAPER, paper);
  signAgain(root, refit(root), key);
  return isPurpose ? 'another purpose' : 'another reason of a gap';
}

/** Whatever was edited is made to fit, drawn and signed as the hub itself would. */
export async function signByHub(root: string, signAs: HubSign): Promise<void> {
  refit(root);
  const manifest = read(root, MANIFEST);
  const paper = await drawPaper(
    JSON.parse(manifest.toString('utf8')) as PackageManifest,
    hash('sha256', manifest, 'hex'),
  );
  replace(root, PAPER, paper);
  replace(root, SUMS_SIGNATURE, Buffer.from(signAs(Buffer.from(refit(root))), 'base64url'));
}
/** The hub's own signature, base64url. */
export type HubSign = (bytes: Uint8Array) => string;

/** More files, whose names look like one another's, or like a folder's, to whoever takes a newline for another sign. */
export const ALIKE: Readonly<Record<string, (root: string) => void>> = {
  'two files'(root) {
    for (const name of ['don?khieu.txt', 'don\nkhieu.txt']) writeFileSync(join(root, name), 'x');
  },
  'a file and a folder'(root) {
    writeFileSync(join(root, 'lam\nchung.txt'), 'x');
    mkdirSync(join(root, 'lam?chung.txt'));
  },
  'two trees'(root) {
    mkdirSync(join(root, 'x\ny'));
    writeFileSync(join(root, 'x\ny/evil.txt'), 'x');
    mkdirSync(join(root, 'x?y/evil.txt'), { recursive: true });
  },
};

type Mutation = (root: string, random: Random) => string | Promise<string>;
/** Nothing but the printed digits of the hub's key finds it. */
export const REMADE = 'remade whole under a foreign key';

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  byte(root, random) {
    const path = random.pick(filesOf(root));
    const bytes = Buffer.from(read(root, path));
    const at = random.below(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << random.below(8));
    replace(root, path, bytes);
    return `${path} byte ${at}`;
  },
  cut(root, random) {
    const path = random.pick(filesOf(root));
    const bytes = read(root, path);
    replace(root, path, bytes.subarray(0, random.below(bytes.length)));
    return path;
  },
  longer(root, random) {
    const path = random.pick(filesOf(root));
    replace(root, path, Buffer.concat([read(root, path), Buffer.from([random.pick([0, 10, 32])])]));
    return path;
  },
  rename(root, random) {
    const path = random.pick(filesOf(root));
    const to = random.pick([
      `${path}.bak`,
      path.toUpperCase() === path ? path.toLowerCase() : path.toUpperCase(),
    ]);
    const name = to.slice(to.lastIndexOf('/') + 1);
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    renameSync(join(root, path), join(root, folder, name));
    return `${path} to ${folder}${name}`;
  },
  drop(root, random) {
    const path = random.pick(filesOf(root));
    rmSync(join(root, path));
    return path;
  },
  swap(root, random) {
    const files = filesOf(root);
    const one = random.pick(files);
    const other = random.pick(
      files.filter((path) => path !== one && !read(root, path).equals(read(root, one))),
    );
    const [first, second] = [read(root, one), read(root, other)];
    replace(root, one, second);
    replace(root, other, first);
    return `${one}, ${other}`;
  },
  strange(root, random) {
    const path = random.pick(['media/master/camera-1-99999.mp4', 'ghi-chu.txt', 'rating/more.json']);
    writeFileSync(join(root, path), 'x');
    return path;
  },
  'names alike'(root, random) {
    const what = random.pick(Object.keys(ALIKE));
    ALIKE[what]?.(root);
    return what;
  },
  'edited gap': (root, random) => {
    const what = editGap(root, random);
    refit(root);
    return what;
  },
  'edited deletion': (root, random) => {
    const what = editDeletion(root, random.below(DELETION_EDITS));
    refit(root);
    return what;
  },
  'edited act': (root) => {
    replace(
      root,
      'custody.jsonl',
      read(root, 'custody.jsonl').toString('utf8').replace('thanhtra2', 'thanhtra3'),
    );
    refit(root);
    return 'another approver';
  },
  'foreign signature': (root) => {
    signAgain(root, refit(root), foreign());
    return 'the list signed by another key';
  },
  'foreign key': (root, random) => {
    const what = editGap(root, random);
    const key = foreign();
    edit(root, MANIFEST, (manifest: Edited) => {
      manifest.hub.key = rawOf(key);
    });
    replace(root, HUB_KEY, formatHubKey(rawOf(key)));
    signAgain(root, refit(root), key);
    return `${what}, all signed again`;
  },
  [REMADE]: remakeWhole,
};
export const mutationNames = Object.keys(MUTATIONS);
