/*
 * What `serialport` does on real pseudo-terminals, and that the transport contains it (bench-notes.md, "What
 * serialport does"). The first test of each pair documents the library, so that an update that changes it is noticed.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { SerialConnection, SerialEnd } from '@hailong/device-drivers/panel/ports.ts';
import { serialportTransport } from '@hailong/device-drivers/panel/serialport-transport.ts';
import { openPty, type Pty } from '@hailong/device-drivers/simulators/pty.ts';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { poll } from '../../support/poll.ts';

const ptys: Pty[] = [];
const ports: SerialPort[] = [];
const connections: SerialConnection[] = [];

function pty(): { pty: Pty; heard: () => string } {
  let text = '';
  const one = openPty((bytes) => {
    text += Buffer.from(bytes).toString('latin1');
  });
  ptys.push(one);
  return { pty: one, heard: () => text };
}

function rawPort(path: string): SerialPort {
  const port = new SerialPort({ path, baudRate: 38_400, hupcl: false, autoOpen: false });
  port.on('error', () => undefined);
  ports.push(port);
  return port;
}

const open = (port: SerialPort) =>
  new Promise<Error | null>((resolve) => port.open((error) => resolve(error ?? null)));

function listen(path: string) {
  const seen = { opened: 0, ends: [] as SerialEnd[], text: '' };
  const connection = serialportTransport(path).connect({
    opened: () => {
      seen.opened += 1;
    },
    received: (bytes) => {
      seen.text += Buffer.from(bytes).toString('latin1');
    },
    ended: (end) => {
      seen.ends.push(end);
    },
  });
  connections.push(connection);
  return { connection, seen };
}

const opened = (seen: { opened: number }) => poll(() => seen.opened === 1, { what: 'the line', everyMs: 5 });
const ended = (seen: { ends: SerialEnd[] }) => poll(() => seen.ends[0], { what: 'the end', everyMs: 5 });
const bytes = (text: string) => Buffer.from(text, 'latin1');

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  for (const port of ports.splice(0)) if (port.isOpen) port.close();
  for (const one of ptys.splice(0)) await one.close();
});

describe('1. hang-up', () => {
  it('library: without a data listener a hang-up is not noticed', async () => {
    const { pty: line } = pty();
    const port = rawPort(line.path);
    expect(await open(port)).toBeNull();
    await line.close();
    let closed = false;
    port.on('close', () => {
      closed = true;
    });
    // Long against the 2 ms that a read line needs to notice.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect([closed, port.isOpen]).toEqual([false, true]);
  });

  it('transport: reports it without a write, once', async () => {
    const { pty: line } = pty();
    const { seen } = listen(line.path);
    await opened(seen);
    await line.close();
    expect(await ended(seen)).toMatchObject({ reason: 'hung-up' });
  });
});

describe('2. writes to a closed port', () => {
  it('library: a write on a closed port is replayed when the same object opens again', async () => {
    const { pty: line, heard } = pty();
    const port = rawPort(line.path);
    port.on('data', () => undefined);
    port.write(bytes('stale'));
    expect(await open(port)).toBeNull();
    await poll(() => heard() === 'stale', { what: 'the stale bytes', everyMs: 5 });
  });

  it('transport: refuses the write and keeps nothing', async () => {
    const { pty: line, heard } = pty();
    const first = listen(line.path);
    expect(first.connection.write(bytes('early'))).toBe(false);
    await opened(first.seen);
    first.connection.close();
    await ended(first.seen);
    expect(first.connection.write(bytes('late'))).toBe(false);
    const second = listen(line.path);
    await opened(second.seen);
    expect(second.connection.write(bytes('now'))).toBe(true);
    await poll(() => heard() === 'now', { what: 'the new bytes only', everyMs: 5 });
  });
});

describe('3. SerialPort.list()', () => {
  it('is called once, and never on Linux, where ports have names in the file system', async () => {
    const folder = fileURLToPath(new URL('../../../device-drivers/src', import.meta.url));
    const found = await promisify(execFile)('grep', [
      '-rnE',
      'SerialPort\\.list\\(',
      folder,
      '--include=*.ts',
    ]).catch((error: { stdout: string }) => error);
    const calls = found.stdout.split('\n').filter((line) => line !== '' && !/:\s*\*/.test(line));
    expect(calls).toEqual([
      expect.stringMatching(/serialport-transport\.ts:\d+: {2}const ports = await SerialPort\.list/),
    ]);
    // Without a PATH there is no udevadm, and the library's list would end the process.
    const script = `import { listSerialPorts } from '@hailong/device-drivers/panel/serial-ports.ts';
      console.log(Array.isArray(await listSerialPorts()));`;
    const cwd = fileURLToPath(new URL('../../..', import.meta.url));
    const args = ['--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env: { PATH: '' } });
    expect(stdout.trim()).toBe('true');
  });
});

describe('4. one opener at a time', () => {
  it('transport: a second opener is refused once, and gets the port after the first has closed', async () => {
    const { pty: line } = pty();
    const first = listen(line.path);
    await opened(first.seen);
    const second = listen(line.path);
    expect(await ended(second.seen)).toMatchObject({ reason: 'refused' });
    expect(second.seen.opened).toBe(0);
    first.connection.close();
    expect(await ended(first.seen)).toMatchObject({ reason: 'asked' });
    const third = listen(line.path);
    await opened(third.seen);
  });

  it('transport: closing while opening closes the line once it has opened', async () => {
    const { pty: line } = pty();
    const first = listen(line.path);
    first.connection.close();
    expect(await ended(first.seen)).toMatchObject({ reason: 'asked' });
    expect(first.seen.opened).toBe(0);
    const second = listen(line.path);
    await opened(second.seen);
  });

  it('transport: one end for one unplug, also when reads and writes fail together', async () => {
    for (let round = 0; round < 15; round += 1) {
      const { pty: line } = pty();
      const { connection, seen } = listen(line.path);
      await opened(seen);
      connection.write(bytes('x'.repeat(64)));
      const gone = line.close();
      connection.write(bytes('y'.repeat(64)));
      await gone;
      // A hang-up that falls into a running read is noticed by the next write, as the heartbeat's.
      await poll(() => seen.ends.length > 0 || !connection.write(bytes('z')), {
        what: 'the end',
        everyMs: 5,
      });
      await ended(seen);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(seen.ends).toHaveLength(1);
    }
  });
});

describe('5. errors and control lines', () => {
  it('library: set and get fail on a pseudo-terminal, and an absent port gives a message without a code', async () => {
    const { pty: line } = pty();
    const port = rawPort(line.path);
    port.on('data', () => undefined);
    await open(port);
    const set = await new Promise<Error | null>((resolve) => port.set({ dtr: true }, resolve));
    expect(set?.message).toMatch(/ioctl/);
    const absent = await open(rawPort('/dev/hailong-absent'));
    expect(absent?.message).toMatch(/No such file/);
    expect((absent as NodeJS.ErrnoException).code).toBeUndefined();
  });

  it('transport: an absent port is refused with the message for the log', async () => {
    const { seen } = listen('/dev/hailong-absent');
    const end = await ended(seen);
    expect(end.reason).toBe('refused');
    expect(end.detail).toMatch(/No such file/);
  });
});

describe('transport', () => {
  it('carries every byte value both ways unchanged', async () => {
    const { pty: line, heard } = pty();
    const { connection, seen } = listen(line.path);
    await opened(seen);
    const all = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    connection.write(all);
    line.write(all);
    await poll(() => heard().length === 256 && seen.text.length === 256, { what: '256 bytes', everyMs: 5 });
    expect(heard()).toBe(all.toString('latin1'));
    expect(seen.text).toBe(all.toString('latin1'));
  });

  it('forgets what the line held before it was opened', async () => {
    const { pty: line } = pty();
    line.write(bytes('old'));
    const { seen } = listen(line.path);
    await opened(seen);
    line.write(bytes('new'));
    await poll(() => seen.text === 'new', { what: 'only the new bytes', everyMs: 5 });
  });

  /** No pseudo-terminal hangs in its opening; a driver may. */
  describe('whose opening never reports back', () => {
    let late: (error: Error | null) => void = () => undefined;
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      vi.spyOn(SerialPort.prototype, 'open').mockImplementation((done) => {
        late = (error) => done?.(error);
      });
    });
    afterEach(() => {
      vi.restoreAllMocks();
      vi.useRealTimers();
    });

    it('is refused after ten seconds; what opens later is closed again', () => {
      const { seen } = listen('/dev/hailong-hangs');
      vi.advanceTimersByTime(9_999);
      expect(seen.ends).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(seen.ends).toEqual([{ reason: 'refused', detail: 'open-timeout' }]);
      const close = vi.spyOn(SerialPort.prototype, 'close').mockImplementation(() => undefined);
      late(null);
      expect(close).toHaveBeenCalledTimes(1);
      expect([seen.opened, seen.ends.length]).toEqual([0, 1]);
    });

    it('keeps nobody waiting who stops it', () => {
      const { connection, seen } = listen('/dev/hailong-hangs');
      connection.close();
      vi.advanceTimersByTime(2_000);
      expect(seen.ends).toEqual([{ reason: 'close-timeout', detail: 'still opening' }]);
      vi.advanceTimersByTime(20_000);
      expect(seen.ends).toHaveLength(1);
    });
  });
});
