/**
 * What an operator does at the command line with a data folder. The same verbs run in this process when the hub is
 * stopped, and inside the running hub when the request comes through its owner-only socket.
 * Refuses: an unknown counter, an ambiguous number.
 */
import { CodedError, isErrorCode } from '@hailong/shared/errors.ts';
import type { CounterId } from '@hailong/shared/ids.ts';
import { cameraVia } from '@hailong/shared/protocol/cameras.ts';
import { signedStatement } from '@hailong/shared/protocol/edge.ts';
import { z } from 'zod';
import { systemClock } from '../adapters/clock.ts';
import { verifySignature } from '../adapters/keys.ts';
import { bootId } from '../adapters/machine-time.ts';
import { checkCamera, findCameras } from '../application/cameras/check-camera.ts';
import type { FootageViews, RecorderControl } from '../application/core-port.ts';
import { saveCamera } from '../application/directory/save-directory.ts';
import { decideRollout, showRollout } from '../application/fleet/decide-rollout.ts';
import { listFleet } from '../application/fleet/show-fleet.ts';
import { lookAt } from '../application/footage/keep-age.ts';
import { decideChain } from '../application/inbox/decide-chain.ts';
import {
  confirmDevice,
  deviceNamed,
  listDevices,
  writeOffDevice,
} from '../application/kiosks/decide-device.ts';
import {
  decideByFingerprint,
  rosterLines,
  waitingEnrolments,
} from '../application/kiosks/decide-enrolment.ts';
import { issueEnrolCode } from '../application/kiosks/enrol.ts';
import { handOverCounter } from '../application/kiosks/hand-over-counter.ts';
import { signLog } from '../application/log/sign-log.ts';
import { mustNotRecover, overrideRecovering, showRecovering } from '../application/show-recovering.ts';
import type { AdminParts } from '../application/web-parts.ts';
import { actOperations, operateActs } from './operate-acts.ts';
import { clipOperation, operateClip } from './operate-clip.ts';
import { footageOperations, operateFootage } from './operate-footage.ts';
import { operateScreens, screenOperations } from './operate-screens.ts';
import { counterNamed } from './place-named.ts';
import { reasonOf } from './reason-of.ts';

/** Two names; that they differ is judged where the act is done. */
const people = z.array(z.string().trim().min(1).max(80)).max(5);
const reason = z.string().trim().min(1).max(300);

export const operation = z.discriminatedUnion('verb', [
  z.object({
    verb: z.literal('enrol-code'),
    kind: z.enum(['kiosk', 'station']),
    counter: z.string().max(60),
    asks: z.boolean().optional(),
    replaces: z.string().max(64).nullable().optional(),
  }),
  z.object({ verb: z.literal('device-waiting') }),
  z.object({ verb: z.literal('device-roster') }),
  z.object({
    verb: z.literal('device-admit'),
    ...{ fingerprint: z.string().max(60), approve: z.boolean(), by: z.string().trim().min(1).max(80) },
  }),
  z.object({
    verb: z.literal('camera-add'),
    address: z.string().max(300),
    user: z.string().max(64),
    password: z.string().max(128),
    counters: z.array(z.string().max(60)).max(50),
    name: z.string().min(1).max(80),
    via: cameraVia.optional(),
  }),
  z.object({ verb: z.literal('camera-discover') }),
  z.object({ verb: z.literal('camera-check'), camera: z.string().max(100) }),
  z.object({
    verb: z.literal('camera-probe'),
    address: z.string().max(300),
    user: z.string().max(64),
    password: z.string().max(128),
    via: cameraVia.optional(),
  }),
  z.object({ verb: z.literal('camera-list') }),
  z.object({ verb: z.literal('checkpoint') }),
  z.object({ verb: z.literal('log-unsigned') }),
  z.object({ verb: z.literal('log-sign'), statement: signedStatement }),
  z.object({ verb: z.literal('device-list') }),
  z.object({ verb: z.literal('device-confirm'), device: z.string().max(64), by: people }),
  z.object({ verb: z.literal('device-write-off'), device: z.string().max(64), by: people, reason }),
  z.object({ verb: z.literal('fleet') }),
  z.object({
    verb: z.literal('rollout'),
    what: z.enum(['show', 'force', 'retry']),
    by: z.string().trim().max(80),
  }),
  z.object({ verb: z.literal('quarantine-list') }),
  z.object({ verb: z.literal('quarantine-show'), event: z.int().min(1) }),
  z.object({ verb: z.literal('quarantine-retry'), event: z.int().min(1).nullable() }),
  z.object({ verb: z.literal('export-ready') }),
  z.object({
    verb: z.literal('device-decide'),
    ...{ device: z.string().max(64), epoch: z.string().regex(/^[0-9a-f]{32}$/), counted: z.boolean() },
    ...{ by: people, reason },
  }),
  z.object({
    verb: z.literal('counter-hand-over'),
    ...{ counter: z.string().max(60), by: z.string().trim().min(1).max(80), reason },
  }),
  z.object({ verb: z.literal('recovering-show') }),
  z.object({ verb: z.literal('clock-confirm'), by: people, reason }),
  z.object({
    verb: z.literal('recovering-override'),
    by: people,
    reason,
  }),
  ...actOperations,
  clipOperation,
  ...screenOperations,
  ...footageOperations,
]);
export type Operation = z.infer<typeof operation>;

const ACTOR = 'operator';

/** Answers the lines to print. */
export async function operate(
  parts: AdminParts,
  recorder: RecorderControl | null,
  footage: FootageViews,
  asked: Operation,
): Promise<readonly Record<string, unknown>[]> {
  switch (asked.verb) {
    case 'enrol-code': {
      const counterId = await counterNamed(parts, asked.counter);
      const replaces = asked.replaces ? (await deviceNamed(parts, asked.replaces)).id : null;
      const issued = await issueEnrolCode(parts, {
        ...{ counterId, kind: asked.kind, actor: ACTOR, asks: asked.asks ?? false, replaces },
      });
      return [{ ...issued, counterId, kind: asked.kind }];
    }
    case 'camera-add': {
      const counterIds: CounterId[] = [];
      for (const each of asked.counters) counterIds.push(await counterNamed(parts, each));
      const office = await parts.storage.directory.office();
      const id = await saveCamera(parts, {
        id: null,
        actor: ACTOR,
        value: {
          ...{ name: asked.name, address: asked.address, user: asked.user, password: asked.password },
          ...{ counterIds, retentionDays: office?.retentionDays ?? 30, latencyMs: 2_000, active: true },
          via: asked.via ?? null,
        },
      });
      return [{ event: 'added', id, counterIds }];
    }
    case 'camera-probe': {
      const result = await recorder?.probe({
        address: asked.address,
        user: asked.user,
        password: asked.password,
        via: asked.via ?? null,
      });
      if (!result) throw new CodedError('footage.recorder_away');
      return [{ event: 'probed', ...result }];
    }
    case 'camera-discover': {
      const { found, code } = await findCameras(parts, recorder);
      if (code !== null) throw new CodedError(isErrorCode(code) ? code : 'camera.unreachable');
      return found.map((each) => ({ event: 'found', ...each }));
    }
    case 'camera-check': {
      const camera = { cameraId: asked.camera, actor: ACTOR };
      return [{ event: 'checked', ...(await checkCamera(parts, recorder, camera)) }];
    }
    case 'checkpoint': {
      const checkpoint = await parts.logSealer.seal();
      if (!checkpoint) throw new CodedError('reference.unknown', 'log');
      return [{ ...checkpoint, fingerprint: parts.logSealer.fingerprint(checkpoint) }];
    }
    case 'log-unsigned':
      return (await parts.storage.log.unsigned()).map((step) => ({ ...step }));
    case 'log-sign':
      return [
        {
          event: 'log-signed',
          origin: await signLog({ ...parts, verify: verifySignature }, asked.statement),
        },
      ];
    case 'device-waiting':
      return (await waitingEnrolments(parts)).map((each) => ({ event: 'waiting', ...each }));
    case 'device-admit':
      return [await decideByFingerprint(parts, asked)];
    case 'device-roster':
      return (await rosterLines(parts)).map((each) => ({ event: 'enrolment', ...each }));
    case 'device-list':
      return listDevices(parts);
    case 'device-confirm':
      return [await confirmDevice(parts, asked)];
    case 'device-write-off':
      return [await writeOffDevice(parts, asked)];
    case 'rollout':
      if (asked.what !== 'show') await decideRollout(parts, { what: asked.what, actor: asked.by || ACTOR });
      return [{ event: 'rollout', ...(await showRollout(parts)) }];
    case 'reload':
    case 'screen-hours':
      return operateScreens(parts, asked);
    case 'fleet':
      return listFleet(parts);
    case 'quarantine-list':
      return (await parts.storage.inbox.aside({ limit: 1_000 })).map((each) => ({
        ...each,
        ...reasonOf(each.code),
      }));
    case 'quarantine-show': {
      const aside = await parts.storage.inbox.asideEvent(asked.event);
      if (!aside) throw new CodedError('reference.unknown', `quarantine ${asked.event}`);
      const { bytes, ...shown } = aside;
      return [{ ...shown, ...reasonOf(aside.code), content: Buffer.from(bytes).toString('utf8') }];
    }
    case 'quarantine-retry':
      return [{ event: 'judged', ...(await retryAside(parts, asked.event)) }];
    case 'export-ready':
      await mustNotRecover(parts);
      await parts.storage.inbox.project();
      return [{ event: 'ready' }];
    case 'device-decide':
      return [await decideChain(parts, asked)];
    case 'counter-hand-over': {
      const counterId = await counterNamed(parts, asked.counter);
      return [
        { event: 'handed-over', counterId, ...(await handOverCounter(parts, { ...asked, counterId })) },
      ];
    }
    case 'recovering-show':
      return [{ event: 'recovering', ...(await showRecovering(parts)) }];
    case 'clock-confirm': {
      const { by, reason: why } = asked;
      const now = lookAt({ clock: systemClock, boot: bootId('') });
      await parts.storage.hubClock.confirm({ now, by, reason: why });
      await recorder?.holdsKept();
      return [{ event: 'clock-confirmed', at: now.at, by }];
    }
    case 'recovering-override':
      return [await overrideRecovering(parts, asked)];
    case 'camera-list': {
      const states = recorder?.states() ?? [];
      const standings = await parts.storage.cameras.standings({ at: parts.clock.now() });
      return (await parts.storage.directory.cameras()).map((camera) => ({
        ...camera,
        live: states.find((each) => each.camera === camera.id) ?? null,
        standing: standings[camera.id] ?? null,
      }));
    }
    case 'clip':
      return operateClip(parts, footage, asked);
    case 'coverage':
    case 'footage-repair':
    case 'hold-list':
    case 'hold-add':
    case 'hold-end':
    case 'counter-reported':
      return operateFootage(parts, recorder, asked);
    default:
      return operateActs(parts, asked);
  }
}

/** Slice by slice: batches of kiosks come in between. */
async function retryAside(
  { storage }: AdminParts,
  event: number | null,
): Promise<{ readonly judged: number; readonly released: number }> {
  let [judged, released] = [0, 0];
  for (let more = true; more; ) {
    const done = await storage.inbox.judgeAgain({ event });
    judged += done.judged;
    released += done.released;
    more = done.more;
  }
  return { judged, released };
}
