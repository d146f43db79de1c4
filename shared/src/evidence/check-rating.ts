/**
 * Whether the excerpt of a counter's chain holds together: the device is enrolled by this hub, its events follow one
 * another by their hashes, its signatures stand over them, and the hub's own view of the votes follows from them. What carries no signature must be said to carry none.
 * Refuses: by findings. See shared/PROTOCOL.md, "Events", "Evidence package".
 */
import { z } from 'zod';
import { signedHead } from '../edge/batch.ts';
import { chainHash, EVENT_BYTES_MAX, fromHex, genesisHash, readEvent, toHex } from '../edge/event.ts';
import type { Sha256Hex } from '../ids.ts';
import { fromBase64Url } from '../log/base64.ts';
import type { CheckContext } from './check-context.ts';
import { isOfTurn, turnLimits } from './check-turn.ts';
import { ratingForm, votesAgree } from './check-votes.ts';
import type { Findings } from './findings.ts';
import { hubOf } from './hub-key.ts';
import { CHAIN, FIRST_VERSION, RATING } from './package-files.ts';
import { type ChainStretch, type PackageChain, packageChain } from './proofs.ts';
import { readForm } from './read-form.ts';

interface RatingInput {
  readonly text: Readonly<Record<typeof CHAIN | typeof RATING, string | null>>;
  /** Heads that the log committed to. */
  readonly committed: ReadonlySet<string>;
}

const certificateForm = z.object({
  v: z.literal('hailong-enrol-v1'),
  device: z.string(),
  publicKey: z.string(),
});
/** Answers the excerpt; null: there is none that could be read. */
export function checkRating(
  context: CheckContext,
  { text, committed }: RatingInput,
  found: Findings,
): PackageChain | null {
  const rating = readForm(text[RATING] ?? '', ratingForm);
  if (text[RATING] !== null && rating === null) found.find('rating.form', RATING);
  const chain = readForm(text[CHAIN] ?? '', packageChain);
  if (chain === null) {
    if (text[CHAIN] !== null) found.find('rating.form', CHAIN);
    return null;
  }
  if (rating && !votesAgree(chain, rating, context.manifest.transaction?.id ?? null))
    found.find('rating.differs', RATING);
  const keys = checkDevices(context, chain, found);
  let unsigned = 0;
  let unlogged = 0;
  for (const stretch of chain.stretches) {
    const key = keys.get(stretch.device);
    const where = `${CHAIN} · ${stretch.epoch} ${stretch.firstSeq}`;
    if (key === undefined) {
      found.find('rating.certificate', where);
      continue;
    }
    const hashes = hashesOf(context, stretch);
    if (hashes === null) {
      found.find('rating.chain', where);
      continue;
    }
    if (!headsHold(context, stretch, hashes, key)) found.find('rating.signature', where);
    const last = stretch.firstSeq + stretch.events.length - 1;
    const isOwn = key === context.hubKey;
    const seals = hashes.map((hash, i) =>
      committed.has(`${stretch.device} ${stretch.epoch} ${stretch.firstSeq + i} ${hash}`),
    );
    // The hub's own chain is signed by the log's checkpoint alone.
    if (!isOwn && !stretch.heads.some(({ seq }) => seq === last)) unsigned++;
    // One of an anchor alone is signed by its device, which is all it is there for.
    if (!seals.some(Boolean) && isOfTurn(stretch)) unlogged++;
  }
  const { v, notProven, transaction } = context.manifest;
  const unsaid = [
    ...(v === FIRST_VERSION ? [] : turnLimits(chain, context.manifest)),
    ...(unsigned > 0 ? (['rating-unsigned'] as const) : []),
    ...(unlogged > 0 ? (['rating-unlogged'] as const) : []),
    ...(chain.withheld.length > 0 ? (['rating-withheld'] as const) : []),
    ...(transaction?.openedAt === null ? (['begin-unknown'] as const) : []),
    ...(transaction?.finishedAt === null ? (['end-unknown'] as const) : []),
  ].filter((code) => !notProven.includes(code));
  for (const code of unsaid) found.find('manifest.unsaid', code);
  return chain;
}

/** Keys by device, of those that are enrolled. */
function checkDevices(
  { hubKey, sha256, verify }: CheckContext,
  chain: PackageChain,
  found: Findings,
): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const { device, publicKey, certificate } of chain.devices) {
    const raw = fromBase64Url(publicKey);
    const isNamed = raw?.length === 32 && hubOf(sha256, publicKey) === device;
    const bytes = certificate && fromBase64Url(certificate.bytes);
    const said = bytes ? certificateForm.safeParse(parse(bytes)) : null;
    const isEnrolled =
      certificate === null
        ? publicKey === hubKey
        : bytes !== null &&
          verify(hubKey, bytes as Uint8Array, certificate.sig) &&
          said?.data?.device === device &&
          said.data.publicKey === publicKey;
    if (!isNamed || !isEnrolled) found.find('rating.certificate', `${CHAIN} · ${device.slice(0, 20)}`);
    else keys.set(device, publicKey);
  }
  return keys;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

/** Of each event in order; null: they are not events in a row. */
function hashesOf({ sha256 }: CheckContext, stretch: ChainStretch): readonly Sha256Hex[] | null {
  const { device, epoch, firstSeq, prevHash } = stretch;
  if (firstSeq === 1 && toHex(genesisHash(sha256, device, epoch)) !== prevHash) return null;
  const hashes: Sha256Hex[] = [];
  let hash = fromHex(prevHash);
  for (const [index, text] of stretch.events.entries()) {
    const bytes = fromBase64Url(text);
    if (bytes === null || bytes.length > EVENT_BYTES_MAX) return null;
    const read = readEvent(bytes);
    if (read.ok && read.event.seq !== firstSeq + index) return null;
    hash = chainHash(sha256, hash, bytes);
    hashes.push(toHex(hash));
  }
  return hashes;
}

function headsHold(
  { verify }: CheckContext,
  { device, epoch, firstSeq, heads }: ChainStretch,
  hashes: readonly Sha256Hex[],
  key: string,
): boolean {
  return heads.every(({ seq, hash, checkpoint, sig }) => {
    if (hashes[seq - firstSeq] !== hash) return false;
    const head = { batch: 0, device, epoch, firstSeq, prevHash: hash, head: { seq, hash }, checkpoint };
    return verify(key, signedHead(head), sig);
  });
}
