/**
 * Purpose: a real pseudo-terminal pair for tests and the demo: this side is the device, the other a serial port.
 * Refuses: to keep the process alive after close(), and to queue without bound for a port that nobody reads.
 * Document: firmware-notes/bench-notes.md, "Without hardware". Closing it is a hang-up, as when a cable is pulled.
 */
import { spawnSync } from 'node:child_process';
import { closeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';

type NativePty = { open(columns: number, rows: number): { master: number; slave: number; pty: string } };

// The package's own open() reads from the slave, which would steal the host's bytes; its native part does not.
const { requireBinary } = createRequire(import.meta.url)('@lydell/node-pty/requireBinary.js') as {
  requireBinary(file: string): NativePty;
};
const native = requireBinary('pty.node');

/** What waits here is what a serial chip would have lost long ago. */
const MAX_UNSENT_BYTES = 4_096;

export type Pty = {
  /** Path of the port, e.g. /dev/pts/3. */
  readonly path: string;
  /** False when dropped because nobody reads. */
  write(bytes: Uint8Array): boolean;
  close(): Promise<void>;
};

export function openPty(received: (bytes: Uint8Array) => void): Pty {
  const { master, slave, pty: path } = native.open(80, 24);
  // Raw and silent before anyone opens it: an echo would be taken for the host's bytes.
  const stty = spawnSync('stty', ['raw', '-echo'], { stdio: [slave, 'ignore', 'ignore'] });
  if (stty.status !== 0) {
    closeSync(master);
    closeSync(slave);
    throw new Error(`stty could not set ${path} raw`);
  }
  const stream = new ReadStream(master);
  let open = true;
  stream.on('data', (bytes: Buffer) => received(bytes));
  // Reading a master ends in EIO once both sides are gone; there is nothing left to do then.
  stream.on('error', () => stream.destroy());
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  stream.once('close', () => {
    open = false;
  });
  return {
    path,
    write: (bytes) => {
      if (!open || stream.writableLength > MAX_UNSENT_BYTES) return false;
      stream.write(bytes);
      return true;
    },
    close: () => {
      if (open) {
        open = false;
        // The held slave end keeps the master readable while no host has the port open; it goes with it.
        closeSync(slave);
        stream.destroy();
      }
      return closed;
    },
  };
}
