/**
 * Purpose: how each camera has let us in, between the drivers that see it and the hub that keeps it. What was seen here holds at
 * once, and is told to the hub until the hub says it back; what the hub forgets at an administrator's word is forgotten here.
 */
import { createLoginMemory, type KeptLoginMemory } from '@hailong/device-drivers/camera/login-memory.ts';
import type { LoginSeen } from '@hailong/shared/protocol/cameras.ts';
import type { RecorderCamera, RecorderToHub } from '@hailong/shared/protocol/footage.ts';

type LoginTold = Extract<RecorderToHub, { type: 'camera.login' }>;

interface Kept {
  readonly address: string;
  readonly memory: KeptLoginMemory;
  readonly untold: Set<LoginSeen>;
}

export interface CameraLogins {
  /** Null: no such camera is kept at this address, so nobody remembers it. */
  of(camera: string | undefined, address: string): KeptLoginMemory | null;
  /** What the hub says now. */
  set(cameras: readonly RecorderCamera[]): void;
  /** What the hub has not said back yet. */
  untold(): readonly LoginTold[];
}

export function openCameraLogins(tell: (told: LoginTold) => void): CameraLogins {
  const kept = new Map<string, Kept>();
  const message = (camera: string, address: string, seen: LoginSeen): LoginTold => ({
    ...{ type: 'camera.login', camera: camera as LoginTold['camera'], address, seen },
  });
  const begin = ({ id, address }: RecorderCamera): Kept => {
    const untold = new Set<LoginSeen>();
    const memory = createLoginMemory((seen) => {
      untold.add(seen);
      tell(message(id, address, seen));
    });
    return { address, memory, untold };
  };
  return {
    of(camera, address) {
      const held = camera === undefined ? undefined : kept.get(camera);
      return held?.address === address ? held.memory : null;
    },
    set(cameras) {
      for (const id of kept.keys()) if (!cameras.some((camera) => camera.id === id)) kept.delete(id);
      for (const camera of cameras) {
        const before = kept.get(camera.id);
        const held = before?.address === camera.address ? before : begin(camera);
        kept.set(camera.id, held);
        const seen = camera.seen ?? [];
        for (const each of seen) held.untold.delete(each);
        held.memory.replace([...seen, ...held.untold]);
      }
    },
    untold: () =>
      [...kept].flatMap(([id, { address, untold }]) => [...untold].map((seen) => message(id, address, seen))),
  };
}
