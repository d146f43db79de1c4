/**
 * Purpose: makes this machine the device of one counter: exchanges the operator's code for an enrolment, once.
 * Refuses: an answer for another key or without the hub's signature on it. Enrolled data ignores any code.
 * Document: kiosk-app/DESIGN.md, procedure 6.
 */
import { deviceFingerprint } from '@hailong/shared/edge/device-fingerprint.ts';
import { CodedError, type ErrorCode } from '@hailong/shared/errors.ts';
import { type EnrolAnswer, enrolAnswer } from '@hailong/shared/protocol/edge.ts';
import type { DeviceIdentity, Enrolment, Reporter, Settings, Timers, VerifySignature } from './ports.ts';

/** A hub that is starting beside the kiosk is waited for this often. */
const TRIES = 5;
const BETWEEN_MS = 1_000;
/** An operator compares digits and presses a key: this is soon enough, and little for the hub. */
const WAITING_MS = 2_000;

export interface EnrolParts {
  readonly settings: Settings;
  readonly identity: DeviceIdentity;
  readonly timers: Timers;
  readonly build: string;
  readonly verify: VerifySignature;
  /** Once, when a person is to compare these digits with the hub's page. */
  waiting(fingerprint: string): void;
  readonly exchange: (request: {
    code: string;
    publicKey: string;
    build: string;
  }) => Promise<{ ok: true; answer: EnrolAnswer } | { ok: false; code: ErrorCode }>;
}

export async function enrolDevice(parts: EnrolParts, code: string | null): Promise<Enrolment> {
  const { settings, identity, build } = parts;
  const held = enrolAnswer.safeParse(settings.read('enrolment'));
  if (held.success && held.data.device === identity.device) return held.data;
  if (code === null) throw new CodedError('program.usage', '--enrol');
  let hasAsked = false;
  for (let attempt = 1; ; attempt++) {
    const result = await parts.exchange({ code, publicKey: identity.publicKey, build });
    if (result.ok) {
      check(parts, result.answer);
      if (!settings.write('enrolment', result.answer)) throw new CodedError('program.disk_full');
      return result.answer;
    }
    if (result.code === 'enrol.waiting') {
      if (!hasAsked) parts.waiting(deviceFingerprint(identity.device));
      hasAsked = true;
      // The code itself ends the wait: the hub forgets it ten minutes after it was brought.
      attempt = 0;
      await pause(parts, WAITING_MS);
      continue;
    }
    if (result.code !== 'program.unreachable' || attempt === TRIES) throw new CodedError(result.code);
    await pause(parts, BETWEEN_MS);
  }
}

export function sayWaiting(report: Reporter, device: string, fingerprint: string): void {
  report.line({ event: 'enrol-waiting', device, fingerprint });
  report.say(
    `Chờ duyệt. So dãy này với trang Thiết bị: ${fingerprint}`,
    `Waiting for approval. Compare with the page Devices: ${fingerprint}`,
  );
}

const pause = ({ timers }: EnrolParts, delayMs: number) =>
  new Promise<void>((resolve) => timers.after(delayMs, resolve));

function check({ identity, verify }: EnrolParts, { device, hubKey, certificate }: EnrolAnswer): void {
  const bytes = Uint8Array.from(atob(toBase64(certificate.bytes)), (char) => char.charCodeAt(0));
  const ours = device === identity.device && new TextDecoder().decode(bytes).includes(identity.device);
  if (!ours || !verify(hubKey, bytes, certificate.sig)) throw new CodedError('device.bad_signature');
}

function toBase64(base64url: string): string {
  return base64url.replaceAll('-', '+').replaceAll('_', '/');
}
