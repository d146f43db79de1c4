/** What every part of the judgement is given: whose key, how to hash and verify, and what the package says of itself. */
import type { Sha256 } from '../edge/event.ts';
import type { VerifySignature } from '../log/checkpoint.ts';
import type { PackageManifest, PackageTimeline } from './manifest.ts';

export interface CheckContext {
  readonly hubKey: string;
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
  readonly manifest: PackageManifest;
  readonly timeline: PackageTimeline | null;
}
