/**
 * Agent ↔ hub over one WebSocket. Text frames carry these JSON messages; binary frames from the agent carry
 * batches of events as exact bytes (`edge/batch.ts`). The agent is the only writer of its counter: the hub sends
 * intents, the agent answers with facts. Refuses: any message before a signed hello, versions outside the range.
 */
import { z } from 'zod';
import { screenHours } from '../counter/screen-hours.ts';
import {
  counterId,
  deviceId,
  dutyId,
  epochId,
  handoverId,
  intentId,
  sha256Hex,
  transactionId,
} from '../ids.ts';
import {
  furtherLanguage,
  instrumentUse,
  lastMonth,
  outcomeReason,
  voiceClip,
} from '../model/counter-config.ts';
import { deviceHealth } from '../model/device-health.ts';
import { counter, office, officerProfile, phoneAddress, procedure } from '../model/directory.ts';
import { instrument } from '../model/instrument.ts';
import { NOTICES_MAX, notice } from '../model/notice.ts';
import {
  dossierCode,
  officerCode,
  outcome,
  pauseReason,
  procedureCode,
  queueNumber,
  reasonKey,
  stage,
} from '../model/transaction.ts';
import { utcMs } from '../time.ts';

export const EDGE_PROTOCOL = 1;
export const EDGE_PROTOCOL_OLDEST = 1;
export const EDGE_PATH = '/edge/v1';
/** HTTP beside it: enrolment (POST, once) and blobs by content hash (GET, `Bearer blobToken`). */
export const ENROL_PATH = '/api/v1/edge/enrol';
export const BLOBS_PATH = '/edge/v1/blobs/';
/** Events a batch may hold, and its bytes on the wire; the sender halves its own limit after a failure. */
export const BATCH_EVENTS_MAX = 500;
export const BATCH_BYTES_MAX = 1_048_576;
/** Keep-alive: the hub pings, either side ends a link that was silent this long. */
export const LINK_SILENCE_MS = 15_000;

/** Epochs that one message names. */
export const EPOCHS_MAX = 1_000;

/** Branches of one epoch that the hub names beside its chain. */
export const BRANCHES_MAX = 16;

export const chainHead = z.object({ epoch: epochId, seq: z.int().min(0), hash: sha256Hex });

/** `beside`: last events of the branches that lie whole beside the chain. Whose bytes those are sends what follows only. */
export const heldHead = chainHead.extend({
  beside: z
    .array(z.object({ seq: z.int().min(1), hash: sha256Hex }))
    .max(BRANCHES_MAX)
    .optional(),
});

/** C2SP tlog checkpoint text, as signed by the hub; opaque to the device except for keeping the latest. */
export const checkpoint = z.object({
  origin: z.string().max(200),
  size: z.int().min(0),
  root: sha256Hex,
  text: z.string().max(2_000),
});

/** RFC 6962 consistency proof between two sizes of one log: at most 2 × 63 hashes. */
export const consistencyProof = z.array(sha256Hex).max(130);

/** Exact JSON bytes (base64url) and an Ed25519 signature over them (base64url). */
export const signedStatement = z.object({ bytes: z.string().max(8_192), sig: z.string().max(128) });
export type SignedStatement = z.infer<typeof signedStatement>;

/**
 * What `restore` states, signed by the recovery key: the log goes on under another origin. A device that pinned the
 * recovery key accepts the new origin by it; without, it keeps its old checkpoint and says checkpoint.refused.
 */
export const succession = z.object({
  v: z.literal('hailong-restore-v1'),
  from: z.object({ origin: z.string().max(200), size: z.int().min(0), root: sha256Hex }),
  origin: z.string().max(200),
  lineage: z.string().max(64),
  by: z.array(z.string().min(1).max(80)).min(2).max(2),
  at: utcMs,
});
export type Succession = z.infer<typeof succession>;

/**
 * serving: as always · suspended: a fork or a rewound chain waits for a decision of two people · superseded: a newer
 * kiosk is enrolled at this counter. Under the latter two upload goes on and nothing new is opened.
 */
export const standing = z.enum(['serving', 'suspended', 'superseded']);
export type Standing = z.infer<typeof standing>;

/** Everything of the epoch up to `seq` lies on two independent media (or at an acknowledging parent). */
export const safeUpto = z.object({ epoch: epochId, seq: z.int().min(0) });

// ---------------------------------------------------------------- intents

const intentCommon = { intentId, counterId };
export const intent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('duty.start'), ...intentCommon, duty: dutyId, profile: officerProfile }),
  z.object({ kind: z.literal('duty.end'), ...intentCommon, duty: dutyId.nullable() }),
  z.object({ kind: z.literal('duty.pause'), ...intentCommon, duty: dutyId, reason: pauseReason }),
  z.object({ kind: z.literal('duty.resume'), ...intentCommon, duty: dutyId }),
  z.object({
    kind: z.literal('transaction.open'),
    ...intentCommon,
    transaction: transactionId,
    /** Null: whoever is on duty. */
    officerCode: officerCode.nullable(),
    dossierCodes: z.array(dossierCode).max(20),
    procedure: procedureCode.nullable(),
    stage,
    queueNumber: queueNumber.nullable(),
  }),
  z.object({
    kind: z.literal('transaction.finish'),
    ...intentCommon,
    transaction: transactionId,
    outcome,
    /** Of the office's list, with no_show, test and accident only. */
    reason: reasonKey.optional(),
  }),
]);
export type Intent = z.infer<typeof intent>;
export type IntentKind = Intent['kind'];

// ---------------------------------------------------------------- who may say a PIN at the device

/** An officer who may log in at the device itself while the hub is away. */
export const rosterEntry = z.object({
  profile: officerProfile,
  /**
   * The PIN's verifier (`scrypt$N$r$p$salt$key`), sealed to the device's box; null: this officer has no PIN, or the
   * device has stated no box. Form: shared/PROTOCOL.md, "Roster".
   */
  verifier: z.base64url().max(600).nullable(),
});
export type RosterEntry = z.infer<typeof rosterEntry>;
export const ROSTER_MAX = 500;

// ---------------------------------------------------------------- hub → device

export const hubToDevice = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('challenge'),
    nonce: z.string().min(16).max(64),
    protocolMin: z.int(),
    protocolMax: z.int(),
  }),
  z.object({
    type: z.literal('welcome'),
    /** Label of this hub's storage; it changes when the hub was restored. */
    lineage: z.string().max(64),
    /** For each epoch the hello named: what the hub holds (`seq` 0 = nothing). */
    have: z.array(heldHead).max(EPOCHS_MAX),
    checkpoint: checkpoint.nullable(),
    /** From the hello's checkpoint to this one, when they are of one origin and the hello's is smaller. */
    consistency: consistencyProof.optional(),
    /** Statements (`succession`) by which this log follows older ones, oldest first. */
    successions: z.array(signedStatement).max(20).optional(),
    safe: z.array(safeUpto).max(EPOCHS_MAX).optional(),
    standing: standing.optional(),
    /** The hub's chain keeps this counter: say handover.accepted before anything is opened. */
    handover: handoverId.nullable().optional(),
    /** Bearer for `GET /edge/v1/blobs/{sha256}` while this link lives. */
    blobToken: z.string().max(100),
    eventsMax: z.int().min(1),
    bytesMax: z.int().min(1),
  }),
  z.object({
    type: z.literal('verdicts'),
    batch: z.int().min(1),
    epoch: epochId,
    /** The hub's row for the epoch after this batch: everything ≤ seq is committed there. */
    head: chainHead,
    /** Exceptions only: events not named were `stored` or `duplicate`. */
    exceptions: z
      .array(
        z.object({
          seq: z.int().min(1),
          verdict: z.enum(['forked', 'quarantined']),
          code: z.string().max(60),
        }),
      )
      .max(1_000),
    /** `later`: nothing more is taken on this connection; try again after a reconnect. */
    later: z.boolean(),
  }),
  z.object({ type: z.literal('intent'), intent, expiresInMs: z.int().min(0) }),
  /** The log grew: the proof leads from `from` (the size this line was told last) to the new checkpoint. */
  z.object({
    type: z.literal('log.checkpoint'),
    checkpoint,
    from: z.int().min(0),
    consistency: consistencyProof,
  }),
  /** Answers `epochs`: what the hub holds of each that was named. */
  z.object({
    type: z.literal('have'),
    have: z.array(heldHead).max(EPOCHS_MAX),
    safe: z.array(safeUpto).max(EPOCHS_MAX),
  }),
  z.object({ type: z.literal('safe'), safe: z.array(safeUpto).max(EPOCHS_MAX) }),
  z.object({ type: z.literal('standing'), standing, handover: handoverId.nullable() }),
  /** Codes from the hub's pool, each for one rating.opened (`slip` is its SHA-256). */
  z.object({ type: z.literal('slip.codes'), codes: z.array(z.string().min(6).max(20)).max(200) }),
  /** Everything the counter's screen needs; replaces the previous one. */
  z.object({
    type: z.literal('counter.config'),
    revision: z.int().min(0),
    office,
    counter,
    /** The form where no use says otherwise; a tap. */
    instrument,
    procedures: z.array(procedure).max(2_000),
    /** Further forms, each of which a use names. */
    instruments: z.array(instrument).max(20).optional(),
    /** In force now; when one begins or ends the configuration is sent anew. */
    uses: z.array(instrumentUse).max(2_000).optional(),
    /** Where phones reach the hub: `https://host[:port][/path]`; null or absent: nowhere, codes are typed at the desk. */
    privateUrl: phoneAddress.nullable().optional(),
    languages: z.array(furtherLanguage).max(3).optional(),
    voices: z.array(voiceClip).max(500).optional(),
    reasons: z.array(outcomeReason).max(60).optional(),
    /** Null or absent: nothing is said about it. */
    lastMonth: lastMonth.nullable().optional(),
    /** Of the camera that sees this counter; null: none does, and there is no notice. Absent: the office's days. */
    camera: z
      .object({ retentionDays: z.int().min(1).max(3_650) })
      .nullable()
      .optional(),
    /** Whoever is not being served may rate, at most so often; null or absent: not offered. */
    walkup: z
      .object({ minIntervalMs: z.int().min(0).max(3_600_000) })
      .nullable()
      .optional(),
    /** In the office's order; those of today are shown at rest. */
    notices: z.array(notice).max(NOTICES_MAX).optional(),
    /** Outside these hours a screen with nobody before it is dark; null or absent: it is always lit. */
    screenHours: screenHours.nullable().optional(),
  }),
  /** Show the counter's page anew, by a new window where a shell keeps it. Nothing of the counter changes, nothing answers. */
  z.object({ type: z.literal('screen.reload') }),
  /**
   * All who may log in at the device itself; replaces the one before, also by nobody. Sent with every welcome, and when it
   * changes. Who is not on it any more is forgotten: profile, photo and verifier.
   */
  z.object({
    type: z.literal('roster'),
    revision: z.int().min(0),
    officers: z.array(rosterEntry).max(ROSTER_MAX),
    /** How long after the hub was last heard a PIN may still be checked there. */
    validMs: z
      .int()
      .min(0)
      .max(90 * 86_400_000),
  }),
  /** The profile on show changed (photo, name, transfer); `null`: gone, take it off the screen. */
  z.object({ type: z.literal('profile.show'), duty: dutyId, profile: officerProfile.nullable() }),
  z.object({ type: z.literal('time.anchor'), nonce: z.string(), hubAt: utcMs, sig: z.string().max(128) }),
  z.object({ type: z.literal('error'), code: z.string().max(60), detail: z.string().max(300) }),
]);
export type HubToDevice = z.infer<typeof hubToDevice>;

// ---------------------------------------------------------------- device → hub

export const deviceStatus = z.object({
  build: z.string().max(64),
  panel: z.enum(['none', 'ready', 'away', 'incompatible', 'wrong-device', 'syncing']),
  /** Events not yet acknowledged, and the age of the oldest in ms. */
  unsynced: z.int().min(0),
  oldestUnsyncedMs: z.int().min(0),
  screens: z.int().min(0),
  configRevision: z.int().min(0),
  /** Of the roster held; absent: none. */
  rosterRevision: z.int().min(0).optional(),
  diskFreeBytes: z.int().min(0).nullable(),
  /** Bytes of the data folder and how many it may take; `ballast`: reserved for a full disk, still there. */
  storage: z
    .object({ usedBytes: z.int().min(0), budgetBytes: z.int().min(0), ballastBytes: z.int().min(0) })
    .optional(),
  /** Absent: an older agent. */
  health: deviceHealth.optional(),
});
export type DeviceStatus = z.infer<typeof deviceStatus>;

const statedHeads = z
  .array(
    chainHead.extend({
      acknowledged: z.int().min(0),
      /** Lowest number whose bytes are still here (older ones were safe and were deleted); absent: 1. */
      floor: z.int().min(1).optional(),
      /** Highest number whose bytes can still be sent: what is behind it fails its hash at the device; absent: `seq`. */
      last: z.int().min(0).optional(),
    }),
  )
  .max(EPOCHS_MAX);
export type StatedHead = z.infer<typeof statedHeads>[number];

export const deviceToHub = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.int(),
    device: deviceId,
    /** Ed25519 over `hailong-hello-v1\n<device>\n<nonce>\n`, base64url. */
    sig: z.string().max(128),
    /** Heads of the epochs the device still holds, newest first; `acknowledged` = the hub said it has ≤ seq. */
    epochs: statedHeads,
    /** There are more epochs than these: `epochs` messages follow the welcome, and only the last says that it was all. */
    more: z.boolean().optional(),
    checkpoint: checkpoint.nullable(),
    /** Lineage of the last welcome whose words are kept: `acknowledged` is what a hub of this label said. */
    lineage: z.string().max(64).nullable().optional(),
    /** The enrolment certificate, by which a restored hub admits again a device it has forgotten. */
    certificate: signedStatement.optional(),
    /**
     * Raw X25519 public key to which verifiers are sealed, base64url, and the device's signature over
     * `hailong-box-v1\n<device>\n<key>\n`. Absent: it checks no PINs.
     */
    box: z.object({ key: z.string().regex(/^[A-Za-z0-9_-]{43}$/), sig: z.string().max(128) }).optional(),
  }),
  /** After a hello with `more`: further epochs that the hub is not known to hold whole, until one comes without `more`. */
  z.object({ type: z.literal('epochs'), epochs: statedHeads, more: z.boolean() }),
  /** Only for intents that leave no event, i.e. already known ones; refusals and acceptances are events. */
  z.object({
    type: z.literal('intent.seen'),
    intentId,
    state: z.enum(['accepted', 'refused', 'expired']),
    code: z.string().max(60).nullable(),
  }),
  z.object({ type: z.literal('anchor.request'), nonce: z.string().min(16).max(64) }),
  z.object({ type: z.literal('status'), status: deviceStatus }),
]);
export type DeviceToHub = z.infer<typeof deviceToHub>;

// ---------------------------------------------------------------- enrolment (HTTP, once)

export const enrolRequest = z.object({
  code: z.string().trim().min(8).max(64),
  /** Raw Ed25519 public key, base64url of 32 bytes. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  build: z.string().max(64),
});
export const enrolAnswer = z.object({
  device: deviceId,
  counterId,
  hubKey: z.string(),
  recoveryKey: z.string(),
  enrolSerial: z.int().min(1),
  /** Hub-signed statement (device, counter, serial), base64url of its exact JSON bytes, and signature. */
  certificate: z.object({ bytes: z.string(), sig: z.string() }),
  /** The hub's log as it stands: the operator compares it with the last printed one. */
  checkpoint: checkpoint.nullable().optional(),
});
export type EnrolAnswer = z.infer<typeof enrolAnswer>;
