/**
 * Purpose: everything the hub knows that goes into a package, in one go: which segments of which camera, what is missing and
 *   why, the acts about the case, the excerpt of the chain, proofs into a checkpoint signed now, and what all that does
 *   not prove.
 * Refuses: footage that is still being written (`evidence.not_settled`), rows that are not what the log committed to
 *   (`evidence.log_contradicts`), a transaction that nobody can place (`evidence.unplaced`): what no camera can be asked for must not read
 *   as if none had looked.
 * Document: hub-server/DESIGN.md, "Evidence package".
 */

import type { Sha256 } from '@hailong/shared/edge/event.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import { approvalIn } from '@hailong/shared/evidence/check-log.ts';
import { isOfTurn, turnLimits } from '@hailong/shared/evidence/check-turn.ts';
import { votesAgree } from '@hailong/shared/evidence/check-votes.ts';
import { checkWitness, isOfOtherLog } from '@hailong/shared/evidence/check-witness.ts';
import { formatCustody, type OtherView } from '@hailong/shared/evidence/custody.ts';
import { Findings } from '@hailong/shared/evidence/findings.ts';
import { logLimits } from '@hailong/shared/evidence/log-limits.ts';
import type { NotProvenCode, PackageDeletion } from '@hailong/shared/evidence/manifest.ts';
import {
  CHAIN,
  CHECKPOINT,
  CUSTODY,
  PACKAGE_VERSION,
  PROOFS,
  RATING,
} from '@hailong/shared/evidence/package-files.ts';
import type { PackageChain, PackageProofs } from '@hailong/shared/evidence/proofs.ts';
import { formText } from '@hailong/shared/evidence/read-form.ts';
import { fromBase64Url } from '@hailong/shared/log/base64.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { Clip, Gone, Piece } from '../../domain/footage/clip.ts';
import type { ServedSpan } from '../../domain/footage/served-span.ts';
import { subjectOf } from '../footage/case-subject.ts';
import { clipAt, type Placed, type PlaceParts, placeFootage } from '../footage/place-footage.ts';
import type { EvidenceJob, EvidenceRow } from '../ports/evidence.ts';
import type { CameraAt } from '../ports/footage.ts';
import type { EvidenceParts } from './evidence-parts.ts';

type JobCamera = EvidenceJob['cameras'][number];
type Mapping = EvidenceJob['mappings'][number];

export async function collectEvidence(
  parts: EvidenceParts,
  row: EvidenceRow,
  sha256: Sha256,
): Promise<EvidenceJob> {
  const { storage, clock } = parts;
  const at = clock.now();
  const held = await storage.cases.case({ id: row.caseId });
  const identity = await storage.identity.identity();
  const office = await storage.directory.office();
  if (!held || !identity) throw new CodedError('request.not_found');
  const subject = subjectOf(held, row.intervalId);
  const { transactionId } = subject;
  const placing = { views: storage.views, footage: storage.footage, clock };
  const placed = await placeFootage(placing, subject);
  if (!placed) throw new CodedError('reference.unknown', 'transaction');
  if (!placed.placeable) throw new CodedError('evidence.unplaced');
  const { window: asked, lanes, served } = placed;
  const [found, ratings] =
    transactionId === null
      ? [null, null]
      : await Promise.all([
          storage.views.transaction({ id: transactionId, now: at }),
          storage.views.ratings(transactionId),
        ]);
  const clips = await Promise.all(placed.cameras.map((camera) => clipOf(placing, placed, camera)));
  const deletions = clips.flatMap(({ clip }) => clip.gaps.flatMap((gap) => gap.deletions ?? []));
  const unmapped = clips.flatMap(({ clip }) => clip.gaps.flatMap((gap) => gap.unmapped ?? []));
  const people = await storage.evidence.people({
    actors: [...new Set([...deletions, ...unmapped].flatMap(({ by }) => by ?? []))],
  });
  const shown = clips.map((each) => cameraOf(each, people));
  // What stands in for a moment nobody recorded is for finding a turn, not for a paper.
  const transaction = found && {
    ...found,
    openedAt: served?.begin === 'unknown' ? null : found.openedAt,
    finishedAt: served?.end === 'unknown' ? null : found.finishedAt,
  };
  const { openedAt = null, finishedAt = null } = transaction ?? {};
  const turn = transaction && { id: transaction.transactionId, openedAt, finishedAt };
  const window = { from: asked.from as UtcMs, to: asked.to as UtcMs };

  // Everything up to here, the approval as well, lies under the checkpoint that goes along.
  const checkpoint = await parts.logSealer.seal();
  if (!checkpoint) throw new CodedError('request.not_found');
  const chain =
    transactionId === null
      ? { devices: [], stretches: [], withheld: [] }
      : signedChain(parts, await storage.evidence.excerpt({ transactionId }));
  const presses = lanes?.presses ?? [];
  if (!votesAgree(chain, { ratings, presses: [...presses] }, transactionId))
    throw new CodedError('evidence.log_contradicts', 'rating');
  const segments = shown.flatMap(({ job }) => job.segments.map(({ segment }) => segment));
  const custody = await storage.evidence.custody({
    ...{ caseId: held.id, number: held.number, transactionId, asked },
    // A bad rating holds its footage before there is a case.
    since: Math.min(held.openedAt, asked.from),
    ...{ cameras: shown.map(({ job }) => job.camera.id), counterId: placed.counterId, segments },
  });
  const mappings = shown.flatMap((each) => each.mappings);
  const { firstSeq, clocks, ...proofs } = await storage.evidence.proofs({
    size: checkpoint.size,
    rows: custody.rows.map(({ seq }) => seq),
    segments,
    mappings: mappings.map(({ run, version }) => ({ run, version })),
    deletions: deletions.map(({ segment }) => segment),
    footage: { cameras: placed.cameras.map(({ id }) => id), ...asked },
    heads: chain.stretches.map(({ device, epoch, firstSeq: first, events }) => ({
      ...{ device, epoch, firstSeq: first, lastSeq: first + events.length - 1 },
    })),
    witnessed: chain.stretches.flatMap(({ heads }) => heads.flatMap(({ checkpoint: seen }) => seen ?? [])),
  });
  // A row that came after the seal, or that lies in the log before a restore, has no proof here.
  const proven = custody.rows.filter(({ seq }) => seq >= firstSeq && seq - firstSeq < checkpoint.size);
  const notProven = limitsOf({
    ...{ packageId: row.id, at, origin: checkpoint.origin },
    ...{ chain, proofs, isPlaced: lanes?.boundMs !== null, served, isOwn: row.intervalId === null },
    timeline: { segments: shown.flatMap(({ job }) => job.segments), mappings: clocks },
    deletions: deletions.map(({ segment }) => segment),
  });
  const kioskBoundMs = lanes?.boundMs ?? null;
  const about = {
    transaction: turn,
    asked: window,
    askedMoment: placed.asked as UtcMs,
    kioskBoundMs,
    notProven,
  };
  notProven.push(...turnLimits(chain, about));
  const contradicts = new Findings();
  checkWitness({ sha256, manifest: { notProven } }, checkpoint, proofs, chain, contradicts);
  if (contradicts.count > 0) throw new CodedError('evidence.log_contradicts', 'witness');
  return {
    ...{ into: parts.into, name: `${held.number}-${row.id}`, footageRoot: parts.footageRoot },
    manifest: {
      ...{ v: PACKAGE_VERSION, id: row.id, at, build: parts.build },
      hub: {
        ...{ key: identity.hubKey, lineage: identity.lineage },
        ...{ office: office?.name ?? '', place: office?.place ?? '' },
      },
      case: { id: held.id, number: held.number, type: held.type, documentNumber: held.documentNumber },
      transaction: transaction && {
        ...{ id: transaction.transactionId, openedAt, finishedAt },
        counter: `Quầy ${transaction.counter.number}, ${transaction.counter.name}`.slice(0, 300),
        dossierCodes: transaction.dossierCodes,
      },
      ...{ purpose: row.purpose, legalBasis: row.legalBasis },
      ...{ requestedBy: row.requestedBy, approvedBy: row.approvedBy },
      ...{ asked: window, askedMoment: placed.asked as UtcMs, kioskBoundMs, notProven },
    },
    cameras: shown.map(({ job }) => job),
    mappings: [...clocks],
    texts: {
      [CUSTODY]: formatCustody(sha256, row.id, inOrder(proven, custody.others)),
      [CHAIN]: formText({ v: PACKAGE_VERSION, ...chain }),
      [RATING]: formText({ v: PACKAGE_VERSION, transaction, ratings, presses }),
      [CHECKPOINT]: checkpoint.text,
      [PROOFS]: formText({ v: PACKAGE_VERSION, ...proofs }),
    },
  };
}

/** Rows keep the log's order; a look for another case stands before the first row that is later. */
function inOrder(
  rows: readonly { readonly at: number; readonly text: string }[],
  others: readonly OtherView[],
): (string | OtherView)[] {
  const left = [...others];
  const out = rows.flatMap(({ at, text }) => {
    const count = left.findIndex((other) => other.at > at);
    return [...left.splice(0, count < 0 ? left.length : count), text];
  });
  return [...out, ...left];
}

type People = Awaited<ReturnType<EvidenceParts['storage']['evidence']['people']>>;
interface CameraClip {
  readonly camera: CameraAt;
  readonly clip: Clip;
  readonly mappings: readonly Mapping[];
}

async function clipOf(parts: PlaceParts, placed: Placed, camera: CameraAt): Promise<CameraClip> {
  const { clip, mappings } = await clipAt(parts, placed, camera);
  if (clip.state === 'pending') throw new CodedError('evidence.not_settled', camera.name);
  return { camera, clip, mappings };
}

function cameraOf(
  { camera, clip, mappings }: CameraClip,
  people: People,
): { readonly job: JobCamera; readonly mappings: readonly Mapping[] } {
  const runs = new Set(clip.pieces.map(({ segment }) => segment.run));
  return {
    mappings: mappings.filter(({ run }) => runs.has(run)),
    job: { camera: factsOf(camera, clip, people), segments: clip.pieces.map((piece) => segmentOf(piece)) },
  };
}

function factsOf(camera: CameraAt, clip: Clip, people: People): JobCamera['camera'] {
  return {
    ...{ id: camera.id, name: camera.name, latencyMs: camera.latencyMs },
    ...{ boundBeforeMs: clip.boundBeforeMs, boundAfterMs: clip.boundAfterMs },
    gaps: clip.gaps.map(({ from, to, reason, deletions, unmapped }) => ({
      ...{ from, to, reason, detail: null },
      ...(deletions === undefined ? {} : { deletion: deletionOf(deletions, people) }),
      ...(unmapped === undefined ? {} : { unmapped: { at: unmapped.at, by: actorOf(unmapped.by, people) } }),
    })),
  } as JobCamera['camera'];
}

/** By whom or by the rule, when, and of which files: as the ledger has it. */
function deletionOf(deletions: readonly Gone[], people: People): PackageDeletion {
  const times = deletions.map(({ at }) => at).sort((one, other) => one - other);
  return {
    ...{ firstAt: times[0], lastAt: times.at(-1), segments: deletions.map(({ segment }) => segment) },
    by: actorOf(deletions[0]?.by ?? null, people),
  } as PackageDeletion;
}

function actorOf(actor: string | null, people: People): PackageDeletion['by'] {
  const known = people.find((each) => each.actor === actor);
  return actor === null ? null : { actor, name: known?.name ?? '', roles: [...(known?.roles ?? [])] };
}

function segmentOf({ segment, wallFrom, wallTo }: Piece): JobCamera['segments'][number] {
  const { id, camera, run, mediaStartMs, mediaEndMs, arrivalAt, bytes, sha256, flags, file, codec } = segment;
  return {
    ...{ segment: id, camera, run, mediaStartMs, mediaEndMs, arrivalAt, bytes, sha256, file, codec },
    ...{ wallFrom: wallFrom as UtcMs, wallTo: wallTo as UtcMs, flags: [...flags] },
  };
}

/** The hub's word for each device, given again over the very bytes of its enrolment. */
function signedChain({ signer }: EvidenceParts, chain: Omit<PackageChain, 'v'>): Omit<PackageChain, 'v'> {
  return {
    ...chain,
    devices: chain.devices.map((each) => {
      const bytes = each.certificate && fromBase64Url(each.certificate.bytes);
      return each.certificate && bytes
        ? { ...each, certificate: { ...each.certificate, sig: signer.sign(bytes) } }
        : each;
    }),
  };
}

function limitsOf(about: {
  readonly packageId: string;
  /** When it is written. */
  readonly at: number;
  /** Of the log that goes along. */
  readonly origin: string;
  readonly chain: Omit<PackageChain, 'v'>;
  readonly proofs: Omit<PackageProofs, 'v'>;
  readonly isPlaced: boolean;
  /** Null: no transaction. */
  readonly served: ServedSpan | null;
  /** Of the case's own window, not of an interval two people stated. */
  readonly isOwn: boolean;
  readonly timeline: { readonly segments: JobCamera['segments']; readonly mappings: readonly Mapping[] };
  readonly deletions: readonly string[];
}): NotProvenCode[] {
  const { packageId, at, origin, chain, proofs, isPlaced, served, isOwn, timeline, deletions } = about;
  const own = new Set(
    chain.devices.filter(({ certificate }) => certificate === null).map(({ device }) => device),
  );
  const isSigned = chain.stretches.every(
    ({ device, firstSeq, events, heads }) =>
      own.has(device) || heads.some(({ seq }) => seq === firstSeq + events.length - 1),
  );
  const isLogged = chain.stretches
    .filter(isOfTurn)
    .every(({ epoch, firstSeq, events }) =>
      proofs.rows.some(({ text }) => namesHead(text, epoch, firstSeq, firstSeq + events.length - 1)),
    );
  const codes: (NotProvenCode | null)[] = [
    ...(['before-hash', 'camera-clock', 'aim', 'hub-root', 'custody-others', 'cameras-stated'] as const),
    isSigned ? null : 'rating-unsigned',
    isLogged ? null : 'rating-unlogged',
    chain.withheld.length > 0 ? 'rating-withheld' : null,
    ...logLimits(timeline, proofs, deletions, at),
    isOfOtherLog(chain.stretches, origin) ? 'witness-older-log' : null,
    proofs.rows.some(({ text }) => approvalIn(text, packageId) !== null) ? null : 'approval-unlogged',
    isPlaced ? null : 'kiosk-unplaced',
    served ? null : 'no-rating',
    served?.begin === 'unknown' ? 'begin-unknown' : null,
    served?.end === 'unknown' ? 'end-unknown' : null,
    served?.end === 'cut' && isOwn ? 'end-cut' : null,
  ];
  return codes.filter((code) => code !== null);
}

function namesHead(text: string, epoch: string, from: number, to: number): boolean {
  if (!text.includes(`"${epoch}"`)) return false;
  const { body } = JSON.parse(text) as { body: { heads?: readonly (readonly unknown[])[] } | null };
  return (body?.heads ?? []).some(
    ([, of, seq]) => of === epoch && typeof seq === 'number' && seq >= from && seq <= to,
  );
}
