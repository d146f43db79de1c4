/**
 * Purpose: what one camera has shown it needs to let us in, so that whoever takes its address over gets no more: Basic
 * hands the password out, and a camera that once did without has no reason to ask for it.
 * Refuses: Basic where the camera let us in by Digest, by the digest inside ONVIF, or without a login; Basic in clear where it had
 * TLS. An administrator's word ends both. The first contact is believed: nothing is known then.
 */
import type { LoginSeen } from '@hailong/shared/protocol/cameras.ts';

/** Over what a camera was asked. Cameras log in differently by RTSP and by ONVIF, so each is remembered apart. */
export interface Door {
  readonly protocol: 'rtsp' | 'onvif';
  readonly tls: boolean;
}

export interface LoginMemory {
  mayBasic(door: Door): boolean;
  /** The camera let us in; `basic`: by the password itself. */
  entered(door: Door, basic: boolean): void;
}

export interface KeptLoginMemory extends LoginMemory {
  /** What is remembered from now on. */
  replace(seen: Iterable<LoginSeen>): void;
}

/** `learned` is called once for each thing that was not known. */
export function createLoginMemory(learned: (seen: LoginSeen) => void): KeptLoginMemory {
  let known = new Set<LoginSeen>();
  const learn = (seen: LoginSeen): void => {
    if (known.has(seen)) return;
    known.add(seen);
    learned(seen);
  };
  return {
    mayBasic: ({ protocol, tls }) =>
      !known.has(`${protocol}-strong`) && (tls || !known.has(`${protocol}-tls`)),
    entered({ protocol, tls }, basic) {
      if (!basic) learn(`${protocol}-strong`);
      if (tls) learn(`${protocol}-tls`);
    },
    replace(seen) {
      known = new Set(seen);
    },
  };
}
