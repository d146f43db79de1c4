/**
 * Purpose: the recorder's cameras are real ones: ONVIF and RTSP through device-drivers, every address through the
 * address policy, what is recorded pinned to the IP that was admitted.
 * Refuses: networks outside the allowed ones, also for the stream address that a camera itself names.
 */
import {
  type AddressPolicy,
  createAddressPolicy,
  pinnedText,
} from '@hailong/device-drivers/camera/address-policy.ts';
import { openCameras } from '@hailong/device-drivers/camera/open-camera.ts';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { knock } from '@hailong/device-drivers/media/knock.ts';
import { probeCamera } from '@hailong/device-drivers/media/probe.ts';
import { startCameraRecorder } from '@hailong/device-drivers/media/recorder.ts';
import { createRunClock } from '@hailong/device-drivers/media/time-mapping.ts';
import type { Clock, Timers } from '@hailong/shared/time.ts';
import type { Cameras, Log } from '../application/ports.ts';

export interface DeviceCameraParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  newRun(): string;
}

export function openDeviceCameras(parts: DeviceCameraParts): Cameras {
  let policy: AddressPolicy = createAddressPolicy([]);
  let cameras = openCameras(policy);
  return {
    allow(cidrs) {
      policy = createAddressPolicy(cidrs);
      cameras = openCameras(policy);
    },
    async find(camera) {
      if (findFfmpeg() === null) return { ok: false, code: 'ffmpeg.missing', detail: '' };
      const described = await cameras.probe(camera);
      if (!described.ok) return described;
      const admitted = await policy.admit(described.value.streamUri);
      if (!admitted.ok) return admitted;
      const { clockOffsetMs } = described.value;
      return { ok: true, streamUri: pinnedText(admitted.value), clockOffsetMs };
    },
    async knock({ address }) {
      const admitted = await policy.admit(address);
      return admitted.ok && (await knock(admitted.value));
    },
    record: ({ id, user, password }, streamUri, folder, listen) =>
      startCameraRecorder({ ...parts, camera: { id, streamUri, user, password }, folder }, listen),
    runClock: createRunClock,
    probe: (camera) => probeCamera({ cameras, policy, ffmpeg: findFfmpeg() }, camera),
    async discover() {
      const found = await cameras.discover();
      return found.ok ? { found: found.value, code: null } : { found: [], code: found.code };
    },
  };
}
