/*
 * Purpose: a TCP proxy between agents and hub that mistreats every line in one way at a time: cuts it after so many
 * bytes, stalls it, swallows the hub's answers, keeps it half open, sends bytes twice, or in crumbs.
 * Refuses: to understand what it carries. Lines that exist keep the way they began with.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Way =
  | { readonly kind: 'calm' }
  /** Nobody gets through. */
  | { readonly kind: 'refuse' }
  /** Cut after so many bytes from the device, or from the hub. */
  | { readonly kind: 'cut'; readonly from: 'device' | 'hub'; readonly bytes: number }
  /** Nothing moves any more after so many bytes from the device, then the line is cut. */
  | { readonly kind: 'stall'; readonly bytes: number; readonly ms: number }
  /** The hub hears everything; the device hears nothing after so many bytes. Cut later. */
  | { readonly kind: 'swallow'; readonly bytes: number; readonly ms: number }
  /** The hub's side is ended, the device's is left open and silent. */
  | { readonly kind: 'half-open'; readonly bytes: number; readonly ms: number }
  /** What the device sends after so many bytes is sent twice. */
  | { readonly kind: 'repeat'; readonly bytes: number }
  /** A few bytes at a time. */
  | { readonly kind: 'crumbs'; readonly size: number };

export class ChaosProxy implements AsyncDisposable {
  readonly #target: () => number;
  readonly #server: Server;
  readonly #lines = new Set<Socket>();
  way: Way = { kind: 'calm' };
  /** Lines taken so far, by kind. */
  readonly taken: Record<string, number> = {};
  port = 0;

  private constructor(target: () => number) {
    this.#target = target;
    this.#server = createServer((device) => this.#carry(device));
  }

  static async make(target: () => number): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(target);
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    const address = proxy.#server.address();
    proxy.port = typeof address === 'object' && address ? address.port : 0;
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends every line there is, so that the next ones begin with the present way. */
  cutAll(): void {
    for (const socket of this.#lines) socket.destroy();
  }

  #keep(socket: Socket): void {
    this.#lines.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#lines.delete(socket));
  }

  #carry(device: Socket): void {
    const { way } = this;
    this.taken[way.kind] = (this.taken[way.kind] ?? 0) + 1;
    this.#keep(device);
    if (way.kind === 'refuse') {
      device.destroy();
      return;
    }
    const hub = connect(this.#target(), '127.0.0.1');
    this.#keep(hub);
    const end = () => {
      device.destroy();
      hub.destroy();
    };
    const state = { up: 0, down: 0, still: false };
    const later = (ms: number) => {
      if (state.still) return;
      state.still = true;
      setTimeout(end, ms).unref();
    };
    device.on('close', end);
    hub.on('close', () => {
      if (way.kind !== 'half-open' || !state.still) end();
    });
    device.on('data', (bytes: Buffer) => {
      const before = state.up;
      state.up += bytes.length;
      this.#up(way, hub, bytes, before, state.still, end, later);
    });
    hub.on('data', (bytes: Buffer) => {
      const before = state.down;
      state.down += bytes.length;
      this.#down(way, device, bytes, before, state.still, end, later);
    });
  }

  #up(
    way: Way,
    hub: Socket,
    bytes: Buffer,
    before: number,
    still: boolean,
    end: () => void,
    later: Later,
  ): void {
    if (way.kind === 'cut' && way.from === 'device') {
      hub.write(bytes.subarray(0, Math.max(0, way.bytes - before)));
      if (before + bytes.length >= way.bytes) end();
    } else if (way.kind === 'stall') {
      if (!still) hub.write(bytes.subarray(0, Math.max(0, way.bytes - before)));
      if (before + bytes.length >= way.bytes) later(way.ms);
    } else if (way.kind === 'half-open' && before + bytes.length >= way.bytes) {
      later(way.ms);
      hub.end(bytes);
    } else if (way.kind === 'repeat' && before + bytes.length >= way.bytes) {
      hub.write(bytes);
      hub.write(bytes);
    } else if (way.kind === 'crumbs') {
      for (let at = 0; at < bytes.length; at += way.size) hub.write(bytes.subarray(at, at + way.size));
    } else if (hub.writable) hub.write(bytes);
  }

  #down(
    way: Way,
    device: Socket,
    bytes: Buffer,
    before: number,
    still: boolean,
    end: () => void,
    later: Later,
  ): void {
    if (way.kind === 'cut' && way.from === 'hub') {
      device.write(bytes.subarray(0, Math.max(0, way.bytes - before)));
      if (before + bytes.length >= way.bytes) end();
    } else if (way.kind === 'swallow' && before + bytes.length >= way.bytes) later(way.ms);
    else if (still && (way.kind === 'stall' || way.kind === 'half-open')) return;
    else if (way.kind === 'crumbs')
      for (let at = 0; at < bytes.length; at += way.size) device.write(bytes.subarray(at, at + way.size));
    else if (device.writable) device.write(bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cutAll();
    await new Promise((done) => this.#server.close(done));
  }
}

type Later = (ms: number) => void;
