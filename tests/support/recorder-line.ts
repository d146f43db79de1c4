/*
 * Purpose: a recorder on the real line to an office's hub. It finds no camera: what it keeps was filmed before, and only its time
 * is made.
 */
import { systemTimers } from '../../hub-server/src/adapters/clock.ts';
import { RecorderLink } from '../../hub-server/src/adapters/recorder-link/recorder-link.ts';
import { LiveBus } from '../../hub-server/src/application/live-bus.ts';
import { HubLine } from '../../hub-server/src/recorder/adapters/hub-line.ts';
import { inspectFile } from '../../hub-server/src/recorder/adapters/inspect-file.ts';
import { FootageLedger } from '../../hub-server/src/recorder/application/footage-ledger.ts';
import type { Cameras } from '../../hub-server/src/recorder/application/ports.ts';
import { RecordOffice } from '../../hub-server/src/recorder/application/record-office.ts';
import type { Office } from '../unit/hub-http/office.ts';
import type { Parts } from '../unit/recorder/parts.ts';

const noCameras = { allow: () => undefined, find: () => new Promise(() => undefined) } as unknown as Cameras;

export const listenForRecorder = (office: Office): Promise<RecorderLink> =>
  RecorderLink.listen({
    aged: office.clock,
    ...{ ...office.storage, sealer: office.admin.sealer, bus: new LiveBus(), clock: office.clock },
    ...{ timers: systemTimers, allowCidrs: ['192.0.2.0/24'], log: () => undefined },
  });

export function recorderOn(link: RecorderLink, parts: Parts) {
  const hub = new HubLine({
    ...{ ...parts, limits: null },
    ...{ timers: systemTimers, url: link.url, token: link.token, footageRoot: parts.root },
  });
  const ledger = new FootageLedger({ ...parts, hub });
  const limits = { budgetBytes: null as number | null, floorBytes: 0, holdReserveBytes: 0 };
  const recorder = new RecordOffice({
    ...{ ...parts, ledger, hub, cameras: noCameras, inspect: inspectFile, limits },
  });
  let told = 0;
  const open = () =>
    hub.open({
      welcomed: (cursor) => recorder.welcomed(cursor),
      away: () => recorder.hubAway(),
      message(message) {
        if (message.type === 'cameras.set') recorder.setCameras(message);
        if (message.type === 'reported.set') recorder.setReported(message);
        if (message.type === 'holds.set') {
          recorder.setHolds(message);
          told += 1;
        }
        if (message.type === 'acknowledged') recorder.acknowledged(message.cursor);
      },
    });
  const close = async () => {
    await recorder.stop();
    await hub.close(100);
  };
  /** `told`: how often holds were. */
  return { recorder, hub, open, close, limits, told: () => told };
}
