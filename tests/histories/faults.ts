/*
 * Purpose: what befalls a history, one fault a function: each looks whether it can happen now and does it. When and how often
 * is decided here by the history's own randomness; messages that vanish, come twice or overtake are the line's weather.
 * Refuses: a fault that would destroy more than it says.
 */
import type { Hwid } from '../../shared/src/ids.ts';
import type { Kiosk } from './kiosk.ts';
import { Crashed, KioskDisk, type RawBody } from './kiosk-disk.ts';
import { MachineClock } from './virtual-time.ts';
import type { World } from './world.ts';

type Fault = (world: World) => string | null;

const running = (world: World): Kiosk | null => {
  const up = world.kiosks.filter((kiosk) => kiosk.process);
  return up.length === 0 ? null : world.prng.pick(up);
};

/** A fault of one running kiosk; answers its name. */
const atKiosk =
  (act: (world: World, kiosk: Kiosk) => boolean | undefined): Fault =>
  (world) => {
    const kiosk = running(world);
    return kiosk && act(world, kiosk) !== false ? kiosk.name : null;
  };
const atHub =
  (act: (world: World) => boolean | undefined): Fault =>
  (world) =>
    world.hub.process && act(world) !== false ? 'hub' : null;

function hubBack(world: World, low: number, high: number): void {
  world.hubOn(world.prng.int(low, high));
}

const HIGH_WATER_MS = 1_100;

const POISON: readonly ((world: World) => Uint8Array)[] = [
  () => new TextEncoder().encode('{"v":1,"seq":'),
  () => Uint8Array.of(0xff, 0xfe, 0x00, 0x80),
  () => new TextEncoder().encode('{"v":7,"body":{"type":"rating.voted"}}'),
  () => new TextEncoder().encode(`{"v":1,"seq":1,"at":0,"mono":0,"body":{"type":"rating.closed"}}`),
  () => new TextEncoder().encode(`"${'x'.repeat(20_000)}"`),
  (world) =>
    new TextEncoder().encode(
      `{"v":1,"seq":99999,"at":${world.time.now},"mono":1,"body":{"type":"intent.refused","intent":"${world.prng.uuid()}","code":"x"}}`,
    ),
];

export const FAULTS: Readonly<Record<string, { readonly weight: number; readonly does: Fault }>> = {
  'agent killed': {
    weight: 10,
    does: atKiosk((world, kiosk) => {
      kiosk.stop('process');
      world.on(kiosk, world.prng.int(300, 8_000));
    }),
  },
  'agent dies at a commit': {
    weight: 12,
    does: atKiosk((world, kiosk) => {
      const point = world.prng.pick(['before', 'after'] as const);
      let left = world.prng.int(0, 3);
      kiosk.disk.atCommit = (at) => {
        if (at !== point || left-- > 0) return;
        kiosk.disk.atCommit = () => {};
        throw new Crashed(kiosk.name);
      };
    }),
  },
  'power cut': {
    weight: 7,
    does: atKiosk((world, kiosk) => {
      kiosk.stop('power');
      world.on(kiosk, world.prng.int(5_000, 30_000));
    }),
  },
  'hub killed': {
    weight: 6,
    does: atHub((world) => {
      world.hub.kill(world.prng.chance(0.3));
      hubBack(world, 500, 15_000);
    }),
  },
  'hub dies at a commit': {
    weight: 8,
    does: atHub((world) => {
      world.hub.dieAt = world.prng.pick(['before', 'after'] as const);
    }),
  },
  'old backup put back': {
    weight: 5,
    does: (world) => {
      if (world.backups.length === 0) return null;
      const { at, disk } = world.prng.pick(world.backups);
      world.hub.kill(false);
      world.hub.dieAt = null;
      world.restore(disk.copy(), at);
      world.trace.note('hub', `is as it was ${Math.round((world.time.now - at) / 1_000)} s ago`);
      hubBack(world, 1_000, 10_000);
      return 'hub';
    },
  },
  'hub disk full': {
    weight: 4,
    does: atHub((world) => {
      if (world.hub.full) return false;
      world.hub.full = true;
      world.time.after(world.prng.int(2_000, 15_000), () => {
        world.hub.full = false;
      });
      return true;
    }),
  },
  cut: {
    weight: 8,
    does: (world) => {
      if (world.net.lines.size === 0) return null;
      const line = world.prng.pick([...world.net.lines]);
      line.cut();
      return line.who;
    },
  },
  stall: {
    weight: 6,
    does: (world) => {
      if (world.net.lines.size === 0) return null;
      const line = world.prng.pick([...world.net.lines]);
      line.stall(world.prng.int(1_000, 25_000));
      return line.who;
    },
  },
  outage: {
    weight: 8,
    does: atKiosk((world, { name }) => {
      world.net.blocked.add(name);
      for (const line of world.net.linesOf(name)) line.cut();
      world.time.after(world.prng.int(4_000, 60_000), () => world.net.blocked.delete(name));
    }),
  },
  'thin line for a while': {
    weight: 3,
    does: atKiosk((world, { name }) => {
      world.net.thin.set(name, world.prng.int(1_500, 5_000));
      world.time.after(world.prng.int(20_000, 60_000), () => world.net.thin.delete(name));
    }),
  },
  'clock stepped': {
    weight: 8,
    does: atKiosk((world, { clock }) => {
      const { prng } = world;
      const far = prng.pick([5_000, 3_600_000, 86_400_000, 40 * 86_400_000]);
      clock.offsetMs += prng.int(-far, far);
    }),
  },
  'disk full': {
    weight: 5,
    does: atKiosk((world, { disk }) => {
      if (disk.full) return false;
      disk.full = true;
      world.time.after(world.prng.int(2_000, 20_000), () => {
        disk.full = false;
      });
      return true;
    }),
  },
  'poison event': {
    weight: 7,
    does: atKiosk((world, kiosk) => {
      const body: RawBody = { type: 'raw', raw: world.prng.pick(POISON)(world) };
      kiosk.act((process) => process.append(body as never));
    }),
  },
  'WAL suffix lost': {
    weight: 4,
    does: atKiosk((world, kiosk) => {
      const upSince = kiosk.process?.startedAt ?? world.time.now;
      kiosk.stop(world.prng.chance(0.5) ? 'process' : 'power');
      const lost = kiosk.disk.loseSuffix(world.prng.int(1, 14));
      world.mustNotice.delete(kiosk.disk);
      // The high-water file is at most a second behind a running agent.
      const known = lost.findLastIndex(({ at }) => Math.max(at, upSince) < world.time.now - HIGH_WATER_MS);
      world.gone(
        kiosk,
        lost.map(({ row }) => row),
        'suffix lost',
        known,
      );
      world.on(kiosk, world.prng.int(1_000, 8_000));
    }),
  },
  're-imaged, key kept': {
    weight: 2,
    does: atKiosk((world, kiosk) => {
      kiosk.stop('power');
      const rows = [...kiosk.disk.chains().values()].flat();
      kiosk.equip(new KioskDisk());
      world.gone(kiosk, rows, 're-imaged');
      world.on(kiosk, world.prng.int(5_000, 20_000));
    }),
  },
  're-imaged, new key': {
    weight: 2,
    does: (world) => {
      const kiosk = running(world);
      if (!kiosk || !world.hub.process) return null;
      kiosk.stop('power');
      const rows = [...kiosk.disk.chains().values()].flat();
      kiosk.equip(new KioskDisk());
      kiosk.key = world.keyring.make(world.prng.hex(32));
      kiosk.enrolment = world.enrol(world.places.get(kiosk.enrolment.counterId)!, kiosk.key);
      world.gone(kiosk, rows, 're-enrolled');
      world.on(kiosk, world.prng.int(5_000, 20_000));
      return kiosk.name;
    },
  },
  'machine set back': {
    weight: 3,
    does: atKiosk((world, kiosk) => {
      const image = world.imageOf(kiosk);
      if (!image) return false;
      const held = new Set(
        image.disk
          .chains()
          .get(image.epoch)!
          .map((row) => row.seq),
      );
      const rows = [...kiosk.disk.chains()].flatMap(([epoch, all]) =>
        epoch === image.epoch ? all.filter((row) => !held.has(row.seq)) : all,
      );
      // Unless the hub has seen more, nobody can ever know.
      if (world.hub.disk.heldSeq(kiosk.device, image.epoch) <= held.size) return false;
      const old = new Set([...image.disk.chains().values()].flat().map((row) => row.hash));
      kiosk.setBack(image);
      world.gone(
        kiosk,
        rows.filter((row) => !old.has(row.hash)),
        'set back',
      );
      return true;
    }),
  },
  'disk cloned': {
    weight: 3,
    does: atKiosk((world, kiosk) => {
      if (world.kiosks.length > world.places.size + 1) return false;
      const { prng } = world;
      world.suspects.add(kiosk.device);
      world.suspectKiosks.add(kiosk.name);
      const clone = world.standing(`k${world.kiosks.length + 1}=${kiosk.name}`, {
        clock: new MachineClock(world.time, prng.int(-80, 80), prng.uuid(), prng.int(-5_000, 5_000)),
        ...{ disk: kiosk.disk.copy(), key: kiosk.key, enrolment: kiosk.enrolment },
        panel: kiosk.panel ? { hwid: prng.hex(8) as Hwid, boot: prng.u32(), seq: 0, queue: [] } : null,
      });
      world.kiosks.push(clone);
      world.suspectKiosks.add(clone.name);
      world.on(clone, prng.int(1_000, 5_000));
      return true;
    }),
  },
  'counter handed over': {
    weight: 4,
    does: atKiosk((world, kiosk) => {
      const { hub, office, places, kiosks, prng } = world;
      const { process } = hub;
      const shared = kiosks.some((other) => other !== kiosk && other.device === kiosk.device);
      if (!process || hub.full || shared) return false;
      const place = places.get(kiosk.enrolment.counterId)!;
      kiosk.stop('power');
      process.life.run(() => process.own.handOver(place.id, kiosk.device, prng.uuid()));
      office.withoutKiosk(place, prng.int(1, 3));
      world.on(kiosk, prng.int(20_000, 60_000));
      return true;
    }),
  },
  'request repeated': {
    weight: 6,
    does: (world) => (world.office.repeat() ? 'hub' : null),
  },
};

const WEIGHTS = Object.fromEntries(Object.entries(FAULTS).map(([name, { weight }]) => [name, weight]));

/** One fault, now. Tries a few until one can happen; false when none could. */
export function befall(world: World): boolean {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const name = world.prng.weighted(WEIGHTS);
    const who = FAULTS[name]!.does(world);
    if (who === null) continue;
    world.fired(name, who);
    return true;
  }
  return false;
}
