/*
 * Purpose: what a hub itself forges, under its own key, before anything leaves it: everything is written and signed anew and fits. What it
 * cannot change is what others hold: the masters its log committed to, the chain its kiosks signed.
 * Command and page find each by the code named here and by no other; the printed commands check bytes and signature, which are good.
 */
import type { FindingCode } from '@hailong/shared/evidence/findings.ts';
import type { PackageManifest } from '@hailong/shared/evidence/manifest.ts';
import { CHAIN, MANIFEST, RATING, WORKING } from '@hailong/shared/evidence/package-files.ts';
import type { PackageChain } from '@hailong/shared/evidence/proofs.ts';
import { withoutSpans } from '@hailong/shared/evidence/spans.ts';
import { edit, editManifest, filesOf, type HubSign, read, replace, signByHub } from './mutate.ts';

/** That its camera paused, where the pause lies inside files. */
export async function hideSilence(root: string, signAs: HubSign): Promise<string> {
  let hidden = 0;
  edit(root, MANIFEST, (manifest: PackageManifest) => {
    for (const camera of manifest.cameras) {
      const before = camera.gaps.length;
      camera.gaps = camera.gaps.filter(({ reason }) => reason !== 'camera-silent');
      hidden += before - camera.gaps.length;
      camera.delivered = withoutSpans([manifest.asked], camera.gaps) as typeof camera.delivered;
      if (camera.gaps.length === 0) camera.state = 'ready';
    }
    if (manifest.cameras.every(({ gaps }) => gaps.every(({ deletion }) => deletion)))
      manifest.notProven = manifest.notProven.filter((code) => code !== 'gap-unlogged');
  });
  if (hidden === 0) throw new Error('no silence to hide');
  await signByHub(root, signAs);
  return `${hidden} silences left out`;
}

/** The turn without its rating, and without a word of it. */
export async function leaveOutRating(root: string, signAs: HubSign): Promise<string> {
  edit(root, CHAIN, (chain: PackageChain) => {
    chain.stretches.length = 0;
    chain.withheld.length = 0;
  });
  edit(root, RATING, (rating: { ratings: unknown; presses: unknown }) => {
    Object.assign(rating, { ratings: null, presses: [] });
  });
  await signByHub(root, signAs);
  return 'no event of the turn';
}

/** Another time of the turn, as if a neighbour's footage were of it. */
export async function moveTurn(root: string, signAs: HubSign): Promise<string> {
  editManifest(root, ({ transaction }) => {
    if (transaction?.openedAt == null || transaction.finishedAt === null) throw new Error('no times');
    Object.assign(transaction, {
      openedAt: transaction.openedAt - 2_000,
      finishedAt: transaction.finishedAt - 2_000,
    });
  });
  await signByHub(root, signAs);
  return 'two seconds earlier';
}

/** A box of a working copy's header, its body changed: the pictures' bytes stay as they are. */
function editCopy(root: string, type: string, change: (body: DataView) => void): void {
  const path = filesOf(root).find((each) => each.startsWith(WORKING)) ?? '';
  const bytes = Buffer.from(read(root, path));
  const at = bytes.indexOf(type) + 4;
  change(new DataView(bytes.buffer, bytes.byteOffset + at));
  replace(root, path, bytes);
}

/** An edit list that begins four seconds later, at 12,800 ticks a second as ffmpeg writes them. */
export async function skipInCopy(root: string, signAs: HubSign): Promise<string> {
  editCopy(root, 'elst', (body) => {
    body.setUint32(8, body.getUint32(8) - 4_000);
    body.setInt32(12, 4 * 12_800);
  });
  await signByHub(root, signAs);
  return 'an edit list that skips four seconds';
}

/** Played at twice the pace, where a raised hand becomes a blow. */
export async function hurryCopy(root: string, signAs: HubSign): Promise<string> {
  editCopy(root, 'stts', (body) => {
    for (let entry = 0; entry < body.getUint32(4); entry++)
      body.setUint32(12 + entry * 8, body.getUint32(12 + entry * 8) >> 1);
  });
  await signByHub(root, signAs);
  return 'each picture for half its time';
}

/** The first pictures named again in place of the last ones. */
export async function repeatInCopy(root: string, signAs: HubSign): Promise<string> {
  editCopy(root, 'stsz', (body) => {
    const last = body.getUint32(8) - 1;
    body.setUint32(12 + last * 4, body.getUint32(12));
  });
  await signByHub(root, signAs);
  return 'a picture of another size';
}

interface ByHub {
  readonly code: FindingCode;
  forge(root: string, signAs: HubSign): Promise<string>;
}
export const BY_HUB: Readonly<Record<string, ByHub>> = {
  'silence hidden by its hub': { code: 'media.silence', forge: hideSilence },
  'rating left out by its hub': { code: 'manifest.unsaid', forge: leaveOutRating },
  'copy that skips, by its hub': { code: 'media.copy', forge: skipInCopy },
  'copy hurried by its hub': { code: 'media.copy', forge: hurryCopy },
  'copy misread by its hub': { code: 'media.copy', forge: repeatInCopy },
  'turn moved by its hub': { code: 'manifest.unsaid', forge: moveTurn },
};
