/** Storage of packages that two people allowed, what goes into one, and whoever writes it to disk. */
import type { OtherView } from '@hailong/shared/evidence/custody.ts';
import type { PackagePerson } from '@hailong/shared/evidence/manifest.ts';
import type { PackageChain, PackageProofs } from '@hailong/shared/evidence/proofs.ts';
import type { PackageState } from '@hailong/shared/protocol/evidence.ts';
import type { FromWriter, WriterJob } from '@hailong/shared/protocol/evidence-writer.ts';
import type { RunMapping } from '@hailong/shared/protocol/footage.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { PackageRule } from '../../domain/evidence/package-retention.ts';

export type EvidenceJob = Omit<WriterJob, 'type' | 'checkPage'>;
export type WrittenEvidence = Omit<Extract<FromWriter, { type: 'written' }>, 'type'>;

export interface WriterAsks {
  progress(done: number, total: number): void;
  /** Whether these segments, whose files are gone, are still not known as deleted. */
  stand(lost: readonly string[]): Promise<boolean>;
}
export interface EvidenceWriter {
  /** Answers when the package has its name and is durable; else nothing of it is left. */
  write(job: EvidenceJob, asks: WriterAsks): Promise<WrittenEvidence>;
  /** Ends what is being written, and refuses what comes later. */
  stop(): void;
}

/** One package, named by the act that allowed it. */
export interface EvidenceRow {
  readonly id: string;
  readonly caseId: string;
  /** What two people let the case see beside its own; null: its own. */
  readonly intervalId: string | null;
  readonly interval: { readonly from: number; readonly to: number } | null;
  readonly purpose: string;
  readonly legalBasis: string;
  readonly requestedBy: PackagePerson;
  readonly approvedBy: PackagePerson;
  readonly state: PackageState;
  /** Why it failed. */
  readonly code: string | null;
  readonly detail: string | null;
  /** Absolute; null until it is ready. */
  readonly folder: string | null;
  readonly packageHash: string | null;
  readonly bytes: number | null;
  readonly writtenAt: number | null;
  /** Of a ready one: when its time is over, as things stand; null: nobody can say yet. */
  readonly keptUntil: number | null;
  readonly removedAt: number | null;
  readonly removedReason: RemovalReason | null;
}
/** By rule, or because its folder was found gone. */
export type RemovalReason = 'fetched' | 'case-closed' | 'lost';
export interface KeptEvidence {
  readonly id: string;
  /** Absolute, as it was when it was written. */
  readonly folder: string | null;
}
export interface ArchiveTicket {
  readonly packageId: string;
  readonly sessionId: string;
  readonly folder: string;
  /** Of every file of the folder, in the order of the archive. */
  readonly files: WrittenEvidence['files'];
}

/** Whoever takes a package: from then on among those who watched, once a package. */
export interface Taker {
  readonly userId: string;
  readonly name: string;
}

/** `since`: no row before it is looked at. */
export interface CustodyAsked {
  readonly caseId: string;
  readonly number: string;
  /** Null: a case of an interval. */
  readonly transactionId: string | null;
  readonly since: number;
  /** Whose map of cameras goes along, where it was changed for the asked time. */
  readonly counterId: string;
  readonly asked: { readonly from: number; readonly to: number };
  readonly cameras: readonly string[];
  readonly segments: readonly string[];
}

export interface EvidencePort {
  /** `at`: by then holds are judged. */
  package(input: { readonly id: string; readonly at: number }): Promise<EvidenceRow | null>;
  ofCase(input: { readonly caseId: string; readonly at: number }): Promise<readonly EvidenceRow[]>;
  /** Allowed and not written yet, oldest first. */
  waiting(): Promise<readonly string[]>;
  finish(input: {
    readonly id: string;
    readonly written: WrittenEvidence;
    /** Cameras with footage in it, and the interval it was asked for: what whoever takes it has watched. */
    readonly shown: { readonly cameras: readonly string[]; readonly from: number; readonly to: number };
    readonly at: number;
    readonly audit: AuditEntry;
  }): Promise<null>;
  fail(input: { readonly id: string; readonly code: string; readonly detail: string }): Promise<null>;
  /** The row of the log and the address in one transaction. */
  issueTicket(input: {
    readonly ticketHash: string;
    readonly id: string;
    readonly sessionId: string;
    readonly at: number;
    readonly expiresAt: number;
    readonly audit: AuditEntry;
  }): Promise<null>;
  /** Null: unknown or expired. */
  ticket(input: { readonly ticketHash: string; readonly at: number }): Promise<ArchiveTicket | null>;
  /** By a command, which copies the folder itself. */
  recordHandOver(input: {
    readonly id: string;
    readonly by: Taker;
    readonly audit: AuditEntry;
  }): Promise<null>;
  /**
   * Before its first byte: a row of the log where it holds the archive's first byte, or more than is left under the last row; else it
   * goes on with that one.
   */
  recordDownload(input: {
    readonly ticketHash: string;
    readonly by: Taker;
    readonly part: { readonly from: number; readonly to: number; readonly total: number };
    /** How long the address lives when this is the first part of it. */
    readonly goesOnUntil: number;
    readonly audit: AuditEntry;
  }): Promise<null>;

  rule(): Promise<PackageRule>;
  /** With its row of the log. */
  setRule(input: { readonly rule: PackageRule; readonly at: number; readonly actor: string }): Promise<null>;
  /** Packages whose time is over are ordered to go, each with its row of the log. Answers how many. */
  orderRemovals(input: { readonly at: number }): Promise<number>;
  /** Ordered to go and not known to be gone, oldest order first. */
  going(): Promise<readonly KeptEvidence[]>;
  /** The folder is gone: the proof and its row of the log. */
  recordGone(input: { readonly id: string; readonly at: number }): Promise<null>;
  readyFolders(): Promise<readonly KeptEvidence[]>;
  /** Before anything is mended: who does it and what is wrong; packages without a folder are `lost` from then on. */
  recordRepair(input: {
    readonly at: number;
    readonly actor: string;
    readonly faults: {
      readonly missing: readonly string[];
      readonly strange: readonly string[];
      readonly unfinished: readonly string[];
    };
  }): Promise<null>;

  /** Whether any of these segments is known as deleted. */
  areDeleted(input: { readonly segments: readonly string[] }): Promise<boolean>;
  /** What of the counter's chain may be handed over. */
  excerpt(input: { readonly transactionId: string }): Promise<Omit<PackageChain, 'v'>>;
  /**
   * Rows of the log about this case, what held this footage, changes of its counter's map, and pictures of it that were opened, oldest first, as their exact texts;
   * and who watched it for other cases, as far as that may be told.
   */
  custody(input: CustodyAsked): Promise<{
    readonly rows: readonly { readonly seq: number; readonly at: number; readonly text: string }[];
    readonly others: readonly OtherView[];
  }>;
  /** Who these actors of the log are now; one that is nobody's name is left out. */
  people(input: {
    readonly actors: readonly string[];
  }): Promise<
    readonly { readonly actor: string; readonly name: string; readonly roles: readonly string[] }[]
  >;
  /** Proofs into the tree of `size` of the present log: of these rows, and of the rows that committed to footage and chains. */
  proofs(input: {
    readonly size: number;
    readonly rows: readonly number[];
    readonly segments: readonly string[];
    /** By which they were placed. */
    readonly mappings: readonly { readonly run: string; readonly version: number }[];
    /** Deleted segments: what the log committed to of why they went; of whatever else is listed and went, the same. */
    readonly deletions: readonly string[];
    /** Whose trees of segments go along whole, of what the log committed to at that time. */
    readonly footage: { readonly cameras: readonly string[]; readonly from: number; readonly to: number };
    readonly heads: readonly {
      readonly device: string;
      readonly epoch: string;
      readonly firstSeq: number;
      readonly lastSeq: number;
    }[];
    /** States of logs that kiosks signed for: of the present log each is shown to go on to `size`. */
    readonly witnessed: readonly { readonly origin: string; readonly size: number }[];
  }): Promise<
    Omit<PackageProofs, 'v'> & {
      readonly firstSeq: number;
      /** Of every run that is delivered or listed; one a run. */
      readonly clocks: readonly RunMapping[];
    }
  >;
}
