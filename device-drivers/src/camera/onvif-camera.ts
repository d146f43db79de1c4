/**
 * Purpose: the ONVIF adapter of the camera port; the sole user of node-onvif (untouched since 2018), which speaks to
 * cameras only through onvif-guard.ts.
 * Cannot do, and says so in its documents: Media2 (an H.265 profile looks like H.264: the codec comes from ffprobe),
 * events, Profile G. Its discovery is not used: see ws-discovery.ts.
 * Refuses: answering with an address on another host than the configured one.
 */
import onvif, { type OnvifDevice, type OnvifProfile } from 'node-onvif';
import { type AddressPolicy, type PinnedAddress, pinReturned } from './address-policy.ts';
import {
  CAMERA_LIMITS,
  type CameraAnswer,
  type CameraDescription,
  type CameraFailure,
  type CameraPort,
  type CameraProfile,
  type CameraTarget,
  failure,
  wordsOf,
} from './camera.ts';
import { openOnvifGuard } from './onvif-guard.ts';

const positive = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;

/** The library gets no secret: the guard writes the real login. */
const PLACEHOLDER = 'guard';

export function createOnvifCamera(policy: AddressPolicy): Omit<CameraPort, 'discover'> {
  /** Runs `use` against a guarded device; whatever the library throws becomes the guard's code or `bad_reply`. */
  async function withDevice<T>(
    target: CameraTarget,
    use: (device: OnvifDevice, pinned: PinnedAddress) => Promise<CameraAnswer<T>>,
  ): Promise<CameraAnswer<T>> {
    const admitted = await policy.admit(target.address);
    if (!admitted.ok) return admitted;
    const pinned = admitted.value;
    if (pinned.scheme !== 'http' && pinned.scheme !== 'https')
      return failure('camera.address_refused', 'ONVIF needs an http(s) address');
    const guard = await openOnvifGuard(pinned, target);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<CameraFailure>((done) => {
      timer = setTimeout(() => done(failure('camera.timeout', 'probe took too long')), CAMERA_LIMITS.probeMs);
    });
    try {
      const login = target.user === '' ? {} : { user: PLACEHOLDER, pass: PLACEHOLDER };
      const device = new onvif.OnvifDevice({ xaddr: guard.xaddr, ...login });
      return await Promise.race([use(device, pinned), late]);
    } catch (error) {
      return guard.failure() ?? failure('camera.bad_reply', error instanceof Error ? error.message : '');
    } finally {
      clearTimeout(timer);
      guard.close();
    }
  }

  return {
    probe: (target) =>
      withDevice<CameraDescription>(target, async (device, pinned) => {
        const information = await device.init();
        const profiles: CameraProfile[] = [];
        let hostReplaced = false;
        for (const raw of device.getProfileList().slice(0, CAMERA_LIMITS.profiles)) {
          const stream = pinReturned(raw.stream.rtsp || raw.stream.udp, pinned, ['rtsp', 'rtsps']);
          if (stream === null) continue;
          hostReplaced ||= stream.replaced;
          profiles.push(describe(raw, stream.uri, pinned));
        }
        const best = profiles.reduce<CameraProfile | undefined>(
          (one, two) => (one === undefined || (two.width ?? 0) > (one.width ?? 0) ? two : one),
          undefined,
        );
        if (best === undefined) return failure('camera.bad_reply', 'no profile with a usable RTSP address');
        return {
          ok: true,
          value: {
            manufacturer: wordsOf(information.Manufacturer),
            model: wordsOf(information.Model),
            firmware: wordsOf(information.FirmwareVersion),
            serial: wordsOf(information.SerialNumber),
            profiles,
            streamUri: best.streamUri,
            snapshotUri: best.snapshotUri,
            clockOffsetMs: Math.round(device.services.device.getTimeDiff()),
            hostReplaced,
            via: 'node-onvif',
          },
        };
      }),
    deviceTime: (target) =>
      withDevice<number | null>(target, async (device) => {
        await device.services.device.getSystemDateAndTime();
        return { ok: true, value: Math.round(device.services.device.getTimeDiff()) };
      }),
  };
}

function describe(raw: OnvifProfile, streamUri: string, pinned: PinnedAddress): CameraProfile {
  const encoder = raw.video.encoder;
  return {
    token: wordsOf(raw.token) ?? '',
    name: wordsOf(raw.name) ?? '',
    width: positive(encoder?.resolution.width),
    height: positive(encoder?.resolution.height),
    fps: positive(encoder?.framerate),
    streamUri,
    snapshotUri: pinReturned(raw.snapshot, pinned, ['http', 'https'])?.uri ?? null,
  };
}
