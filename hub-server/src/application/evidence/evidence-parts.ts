/** What the verbs of this room are given. */
import type { Clock } from '@hailong/shared/time.ts';
import type { LogSealer } from '../log/seal-log.ts';
import type { CasePort } from '../ports/cases.ts';
import type { DirectoryPort } from '../ports/directory.ts';
import type { EvidencePort, EvidenceWriter } from '../ports/evidence.ts';
import type { FootagePort } from '../ports/footage.ts';
import type { IdentityPort } from '../ports/identity.ts';
import type { PackageFolders } from '../ports/package-folders.ts';
import type { ViewsPort } from '../ports/views.ts';

export interface EvidenceParts {
  readonly storage: {
    readonly evidence: EvidencePort;
    readonly cases: Pick<CasePort, 'case'>;
    readonly directory: Pick<DirectoryPort, 'office'>;
    readonly footage: Pick<FootagePort, 'camerasOf' | 'material'>;
    readonly identity: Pick<IdentityPort, 'identity'>;
    readonly views: Pick<ViewsPort, 'lanes' | 'transaction' | 'ratings'>;
  };
  readonly logSealer: Pick<LogSealer, 'seal'>;
  readonly signer: { sign(bytes: Uint8Array): string };
  readonly writer: EvidenceWriter;
  readonly folders: PackageFolders;
  readonly clock: Pick<Clock, 'now'>;
  readonly build: string;
  /** Absolute: where packages come to lie, and where segments do. */
  readonly into: string;
  readonly footageRoot: string;
}
