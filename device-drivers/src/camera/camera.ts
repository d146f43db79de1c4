/**
 * Purpose: the one port through which the product speaks to a camera's control side: find, describe, tell the time.
 * Refuses: trusting what a camera says. Every answer is a value or a closed code; every wait and every reply is bounded;
 * addresses a camera returns come out with the host that was configured. The codec is never taken from here: ffprobe
 * measures it. See docs: hub-server/DESIGN.md (cameras) and device-drivers/src/camera/address-policy.ts.
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { Login } from './digest-auth.ts';

/** What can be wrong with a camera, as codes of shared/src/errors.ts. */
export type CameraErrorCode = Extract<ErrorCode, `camera.${string}` | `ffmpeg.${string}`>;

export interface CameraFailure {
  readonly ok: false;
  readonly code: CameraErrorCode;
  /** One line for the operator's log, at most 300 characters, without password. */
  readonly detail: string;
}
export type CameraAnswer<T> = { readonly ok: true; readonly value: T } | CameraFailure;

/** Limits of one conversation with a camera. */
export const CAMERA_LIMITS = {
  /** One SOAP reply; a Media1 profile list of a real 16-channel recorder is about 60 KB. */
  replyBytes: 262_144,
  /** One request, connection included. */
  requestMs: 5_000,
  /** A whole probe: about eight requests, each of which may be slow once. */
  probeMs: 20_000,
  /** Nesting of XML elements; ONVIF replies stay under 15. */
  depth: 32,
  /** XML elements of one reply: that recorder's profile list has about 1,500. */
  elements: 8_000,
  /** A camera has one to six profiles; the client asks four questions for each. */
  profiles: 32,
  /** Devices listed by one discovery. */
  found: 500,
  detail: 300,
  /** Of a maker's or a model's name. */
  words: 80,
} as const;

/** Where a camera is and how to log in. `address` holds no credentials. */
export interface CameraTarget extends Login {
  /** `http(s)://` = ONVIF device service, `rtsp(s)://` = a bare stream. */
  readonly address: string;
  /** Which ONVIF adapter is asked; absent: the first, and the second where that one cannot read the camera. */
  readonly via?: CameraVia | null | undefined;
}

/** The two ONVIF adapters by the libraries they use, and a bare stream. */
export type CameraVia = 'node-onvif' | 'onvif';

export interface CameraProfile {
  readonly token: string;
  readonly name: string;
  /** As the camera claims; null when it does not. */
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  /** `rtsp(s)://` without credentials, host pinned to the configured one. */
  readonly streamUri: string;
  /** `http(s)://`, pinned; null when there is none. */
  readonly snapshotUri: string | null;
}

export interface CameraDescription {
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly serial: string | null;
  readonly profiles: readonly CameraProfile[];
  /** The stream to record: the widest profile, the first one among equals. */
  readonly streamUri: string;
  readonly snapshotUri: string | null;
  /** Camera clock minus this machine's, ms (ONVIF tells whole seconds); null when it does not tell. */
  readonly clockOffsetMs: number | null;
  /** True when the camera named another host than the configured one, which was replaced. */
  readonly hostReplaced: boolean;
  /** Who answered. */
  readonly via: CameraVia | 'rtsp';
}

export interface FoundCamera {
  /** ONVIF device service address on the very machine that answered, inside the camera networks. */
  readonly address: string;
  readonly name: string;
}

export interface CameraPort {
  /** WS-Discovery in this network segment; takes about 3 s. */
  discover(): Promise<CameraAnswer<readonly FoundCamera[]>>;
  /** Device information, profiles, stream and snapshot addresses. */
  probe(target: CameraTarget): Promise<CameraAnswer<CameraDescription>>;
  /** Camera clock minus this machine's, ms; null when the camera has none to tell. */
  deviceTime(target: CameraTarget): Promise<CameraAnswer<number | null>>;
}

/** Words a camera says of itself, as one line that no terminal and no page minds; null: none. */
export function wordsOf(value: unknown): string | null {
  const plain = typeof value === 'number' ? String(value) : value;
  if (typeof plain !== 'string') return null;
  const line = plain.slice(0, 4 * CAMERA_LIMITS.words).replace(/[\p{C}\p{Z}]+/gu, ' ');
  return line.trim().slice(0, CAMERA_LIMITS.words).trimEnd() || null;
}

export function failure(code: CameraErrorCode, detail = ''): CameraFailure {
  return {
    ok: false,
    code,
    detail: detail
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, CAMERA_LIMITS.detail),
  };
}
