/**
 * Purpose: the recorder's cameras are real ones: ONVIF and RTSP through device-drivers, every address through the
 * address policy, what is recorded pinned to the IP that was admitted.
 * Refuses: networks outside the allowed ones, also for the stream address that a camera itself names.
 */
import {
  type AddressPolicy,
  createAddressPolicy,
  pinnedText,
  type Resolve,
} from '@hailong/device-drivers/camera/address-policy.ts';
import { failure } from '@hailong/device-drivers/camera/camera.ts';
import { openCameras } from '@hailong/device-drivers/camera/open-camera.ts';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { grabFrame } from '@hailong/device-drivers/media/grab-frame.ts';
import { knock } from '@hailong/device-drivers/media/knock.ts';
import { probeCamera } from '@hailong/device-drivers/media/probe.ts';
import { startCameraRecorder } from '@hailong/device-drivers/media/recorder.ts';
import { createRunClock } from '@hailong/device-drivers/media/time-mapping.ts';
import type { Clock, Timers } from '@hailong/shared/time.ts';
import type { Cameras, Log, Login } from '../application/ports.ts';
import type { CameraLogins } from './camera-logins.ts';

export interface DeviceCameraParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  newRun(): string;
  /** Absolute path of a recorded file; null: not under the footage root. */
  fileAt(file: string): string | null;
  readonly logins: Pick<CameraLogins, 'of'>;
  /** Absent: the machine's own name service. */
  readonly resolve?: Resolve;
}

export function openDeviceCameras(parts: DeviceCameraParts): Cameras {
  let policy: AddressPolicy = createAddressPolicy([]);
  let cameras = openCameras(policy);
  const remembered = <T extends Login>(login: T) => ({
    ...{ ...login, memory: parts.logins.of(login.id, login.address) ?? undefined },
  });
  const find: Cameras['find'] = async (camera) => {
    if (findFfmpeg() === null) return { ok: false, code: 'ffmpeg.missing', detail: '' };
    const described = await cameras.probe(remembered(camera));
    if (!described.ok) return described;
    const admitted = await policy.admit(described.value.streamUri);
    if (!admitted.ok) return admitted;
    const { clockOffsetMs } = described.value;
    return { ok: true, streamUri: pinnedText(admitted.value), clockOffsetMs };
  };
  return {
    find,
    async clockOffset(camera) {
      const time = await cameras.deviceTime(remembered(camera));
      return time.ok ? time.value : null;
    },
    async frame(from) {
      const place = findFfmpeg();
      if (place === null) return { ok: false, code: 'ffmpeg.missing', detail: '' };
      const picture = await (async () => {
        if (from.kind === 'file') {
          const file = parts.fileAt(from.file);
          return file === null ? failure('camera.bad_reply', 'no such file') : grabFrame(place, { file });
        }
        const found = await find(from);
        return found.ok ? grabFrame(place, { ...remembered(from), streamUri: found.streamUri }) : found;
      })();
      return picture.ok ? { ok: true, jpeg: picture.value.toString('base64') } : picture;
    },
    allow(cidrs) {
      policy = createAddressPolicy(cidrs, parts.resolve);
      cameras = openCameras(policy);
    },
    async knock({ address }) {
      const admitted = await policy.admit(address);
      return admitted.ok && (await knock(admitted.value));
    },
    record: (camera, streamUri, folder, listen) => {
      const { id, user, password, memory } = remembered(camera);
      return startCameraRecorder(
        { ...parts, camera: { id, streamUri, user, password, memory }, folder },
        listen,
      );
    },
    runClock: createRunClock,
    probe: (camera) => probeCamera({ cameras, policy, ffmpeg: findFfmpeg() }, remembered(camera)),
    async discover() {
      const found = await cameras.discover();
      return found.ok ? { found: found.value, code: null } : { found: [], code: found.code };
    },
  };
}
