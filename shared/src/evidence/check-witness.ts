/**
 * Whether the log of this package is the one that kiosks signed for: each signature over a stretch of a chain names the state
 * of the log that its device had accepted, and that state must go on to the checkpoint that goes along.
 * Refuses: by findings. A state of the log before a restore is joined by nothing here, which must be said.
 * See shared/PROTOCOL.md, "Evidence package", "Log".
 */
import { fromHex, type Sha256 } from '../edge/event.ts';
import type { LogHead } from '../log/checkpoint.ts';
import { verifyConsistency } from '../log/merkle.ts';
import type { Findings } from './findings.ts';
import type { PackageManifest } from './manifest.ts';
import { CHAIN } from './package-files.ts';
import type { PackageChain, PackageProofs } from './proofs.ts';

type Stretches = Pick<PackageChain, 'stretches'>['stretches'];

/** Whether a kiosk signed for a state of another log, which nothing in a package joins to this one. Writer and verifiers ask here. */
export const isOfOtherLog = (stretches: Stretches, origin: string): boolean =>
  stretches.some(({ heads }) =>
    heads.some(({ checkpoint: seen }) => seen !== null && seen.size > 0 && seen.origin !== origin),
  );

export function checkWitness(
  { sha256, manifest }: { readonly sha256: Sha256; readonly manifest: Pick<PackageManifest, 'notProven'> },
  checkpoint: LogHead,
  { consistency }: Pick<PackageProofs, 'consistency'>,
  { stretches }: Pick<PackageChain, 'stretches'>,
  found: Findings,
): void {
  const proofs = new Map(consistency.map(({ size, proof }) => [size, proof.map(fromHex)]));
  const second = { second: checkpoint.size, secondRoot: fromHex(checkpoint.root) };
  /** One state stands under many signatures. */
  const judged = new Map<string, boolean>();
  for (const { epoch, heads } of stretches)
    for (const { seq, checkpoint: seen } of heads) {
      if (seen === null || seen.size === 0 || seen.origin !== checkpoint.origin) continue;
      const key = `${seen.size} ${seen.root}`;
      const proof = proofs.get(seen.size);
      const goesOn =
        judged.get(key) ??
        (proof !== undefined &&
          verifyConsistency(sha256, { first: seen.size, firstRoot: fromHex(seen.root), ...second, proof }));
      judged.set(key, goesOn);
      if (!goesOn) found.find('audit.witness', `${CHAIN} · ${epoch} ${seq}`);
    }
  if (isOfOtherLog(stretches, checkpoint.origin) && !manifest.notProven.includes('witness-older-log'))
    found.find('manifest.unsaid', 'witness-older-log');
}
