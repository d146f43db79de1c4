/**
 * Purpose: the only user of `serialport`: one new SerialPort object per connection, its five odd behaviours contained.
 * Refuses: to queue a write for a closed port (it would be replayed into the next opening), to report two ends for one
 *          unplug, and `SerialPort.list()` (it kills the process where udevadm is missing).
 * Document: firmware-notes/bench-notes.md, "What serialport does".
 */
import { statSync, watch as watchFolder } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { SerialLine } from '@hailong/shared/model/panel-config.ts';
import { SerialPort } from 'serialport';
import type { Cancel, SerialConnection, SerialEnd, SerialListener, SerialTransport } from './ports.ts';

/** CPP/1: exact enough on a 16 MHz microcontroller; USB-CDC ignores it. */
const CPP1_LINE: SerialLine = { baud: 38_400, dataBits: 8, parity: 'none', stopBits: 1 };
/** Bytes the system may keep unsent; 1 s of line time. A panel that takes no more is away. */
const MAX_UNSENT_BYTES = 4_096;
/** A close that does not report back within this time is taken as done. */
const CLOSE_TIMEOUT_MS = 2_000;
/** So is an opening as failed: a driver that hangs in it would keep the panel away, and whoever stops it waiting, for ever. */
const OPEN_TIMEOUT_MS = 10_000;
/** How often the name of an open port is looked at, where no heartbeat would notice that it is gone. */
const PRESENCE_EVERY_MS = 1_000;

export type SerialOptions = SerialLine & {
  /** For a line on which the host writes nothing: a hang-up right after a byte is noticed by nothing else. */
  readonly watchPresence?: boolean;
};

export function serialportTransport(path: string, options: SerialOptions = CPP1_LINE): SerialTransport {
  return {
    path,
    connect: (listener) => connect(path, options, listener),
    watch: (changed) => watch(path, changed),
  };
}

/** Where the file system has no names of ports (Windows, macOS); there the library's list needs no other program. */
export async function nativePorts(): Promise<{ path: string; label: string }[]> {
  const ports = await SerialPort.list();
  return ports.map(({ path, vendorId, productId, manufacturer }) => {
    const usb = vendorId === undefined ? '' : `${vendorId}:${productId ?? ''}`;
    return { path, label: `${usb} ${manufacturer ?? ''}`.trim() };
  });
}

function connect(path: string, options: SerialOptions, listener: SerialListener): SerialConnection {
  const { baud, dataBits, parity, stopBits } = options;
  let phase: 'opening' | 'open' | 'closing' | 'ended' = 'opening';
  let closeAsked = false;
  let why: SerialEnd = { reason: 'asked', detail: '' };
  let closeTimer: NodeJS.Timeout | null = null;
  let openTimer: NodeJS.Timeout | null = null;
  let presence: NodeJS.Timeout | null = null;
  // hupcl false: leaving the port must not drop DTR, which resets many boards and with them their queue.
  const port = new SerialPort({
    ...{ path, baudRate: baud, dataBits, parity, stopBits },
    ...{ hupcl: false, autoOpen: false },
  });

  const end = (): void => {
    if (phase === 'ended') return;
    phase = 'ended';
    if (closeTimer !== null) clearTimeout(closeTimer);
    if (openTimer !== null) clearTimeout(openTimer);
    if (presence !== null) clearInterval(presence);
    listener.ended(why);
  };
  const close = (end_: SerialEnd): void => {
    if (phase === 'closing' || phase === 'ended') return;
    phase = 'closing';
    why = end_;
    if (openTimer !== null) clearTimeout(openTimer);
    closeTimer = setTimeout(() => {
      why = { reason: 'close-timeout', detail: why.detail };
      end();
    }, CLOSE_TIMEOUT_MS);
    // When the port is already closing by itself its `close` event follows; when it is closed this is the end.
    if (port.isOpen) port.close(() => end());
    else if (!port.closing) end();
  };

  // The data listener comes before open: a port nobody reads from never notices a hang-up.
  port.on('data', (bytes: Uint8Array) => {
    if (phase === 'open') listener.received(bytes);
  });
  // One unplug may give two of these (the read and the write both fail); `phase` lets one through.
  port.on('close', (error: Error | null) => {
    if (phase === 'open') why = { reason: 'hung-up', detail: error?.message ?? '' };
    end();
  });
  port.on('error', (error: Error) => {
    if (phase === 'open') close({ reason: 'hung-up', detail: error.message });
  });
  /** Given up while it still opens: what comes of that is closed again. */
  const giveUp = (after: number, end_: SerialEnd): void => {
    if (openTimer !== null) clearTimeout(openTimer);
    openTimer = setTimeout(() => {
      why = end_;
      end();
      if (port.isOpen) port.close(() => undefined);
    }, after);
  };
  giveUp(OPEN_TIMEOUT_MS, { reason: 'refused', detail: 'open-timeout' });
  port.open((error) => {
    if (phase === 'ended') {
      if (!error) port.close(() => undefined);
      return;
    }
    if (error) {
      why = { reason: closeAsked ? 'asked' : 'refused', detail: error.message };
      end();
      return;
    }
    if (closeAsked) {
      close({ reason: 'asked', detail: '' });
      return;
    }
    // What was received before belongs to nobody; a line that cannot flush (some bridges) is used as it is.
    port.flush(() => {
      if (phase !== 'opening') return;
      if (closeAsked) {
        close({ reason: 'asked', detail: '' });
        return;
      }
      phase = 'open';
      if (openTimer !== null) clearTimeout(openTimer);
      if (options.watchPresence) {
        const device = deviceAt(path);
        presence = setInterval(() => {
          if (phase === 'open' && device !== null && deviceAt(path) !== device)
            close({ reason: 'hung-up', detail: 'gone' });
        }, PRESENCE_EVERY_MS);
      }
      listener.opened();
    });
  });

  return {
    write: (bytes) => {
      if (phase !== 'open' || !port.isOpen || port.writableLength > MAX_UNSENT_BYTES) return false;
      port.write(bytes);
      return true;
    },
    close: () => {
      closeAsked = true;
      if (phase === 'open') close({ reason: 'asked', detail: '' });
      else if (phase === 'opening')
        giveUp(CLOSE_TIMEOUT_MS, { reason: 'close-timeout', detail: 'still opening' });
    },
  };
}

/** Which device the name leads to now; null: none, or this system has no such names. */
function deviceAt(path: string): string | null {
  try {
    const { ino, rdev } = statSync(path);
    return `${ino}:${rdev}`;
  } catch {
    return null;
  }
}

/** Watches the folder of the path; absent folders and systems without notification only mean a longer wait. */
function watch(path: string, changed: () => void): Cancel {
  const name = basename(path);
  try {
    const watcher = watchFolder(dirname(path), { persistent: false }, (_event, file) => {
      if (file === null || file === name) changed();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}
