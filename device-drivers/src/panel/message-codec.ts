/**
 * Purpose: typed messages to CPP/1 payloads and back.
 * Refuses: unknown types, payloads shorter than their message, and values outside their range; a longer payload is
 *          read and its tail ignored (forward compatible).
 * Document: firmware-notes/panel-protocol.md, "Messages". Integers are little endian.
 */
import { type Decoded, HOST_TYPE, type HostMessage, PANEL_TYPE, type PanelMessage } from './messages.ts';

export type Body = { readonly type: number; readonly payload: Uint8Array };

/** Bytes of a payload: each field is [value, width in bytes], little endian. */
function body(type: number, ...fields: ReadonlyArray<readonly [value: number, width: 1 | 2 | 4]>): Body {
  const payload = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0));
  let at = 0;
  for (const [value, width] of fields) {
    for (let i = 0; i < width; i += 1) payload[at + i] = Math.floor(value / 2 ** (8 * i)) & 0xff;
    at += width;
  }
  return { type, payload };
}

function view(payload: Uint8Array): DataView {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
}

const UNKNOWN = { ok: false, reason: 'unknown-type' } as const;
const BAD = { ok: false, reason: 'bad-payload' } as const;

export function encodeHostMessage(m: HostMessage): Body {
  switch (m.name) {
    case 'hello':
      return body(HOST_TYPE.hello, [m.minMajor, 1], [m.maxMajor, 1], [m.session, 4]);
    case 'ack':
      return body(HOST_TYPE.ack, [m.boot, 4], [m.seq, 2]);
    case 'arm':
      return body(HOST_TYPE.arm, [m.ticket, 4], [m.mask, 1], [m.singleShot ? 1 : 0, 1], [m.timeoutS, 2]);
    case 'disarm':
      return body(HOST_TYPE.disarm, [m.ticket, 4]);
    case 'led':
      return body(HOST_TYPE.led, [m.on, 1], [m.blink, 1], [0, 1], [m.ttlTenths, 1]);
    case 'prompt':
      return body(HOST_TYPE.prompt, [m.sound, 1], [m.volume, 1]);
    case 'ping':
      return body(HOST_TYPE.ping);
    case 'selfTest':
      return m.mask === null ? body(HOST_TYPE.selfTest) : body(HOST_TYPE.selfTest, [m.mask, 1]);
    case 'setConfig':
      return body(HOST_TYPE.setConfig, [m.key, 1], [m.value, 2]);
    case 'getConfig':
      return body(HOST_TYPE.getConfig, [m.key, 1]);
    case 'bootloader':
      return body(HOST_TYPE.bootloader, [m.magic, 4], [m.mode, 1]);
    case 'poll':
      return body(HOST_TYPE.poll);
  }
}

export function decodeHostMessage(type: number, payload: Uint8Array): Decoded<HostMessage> {
  const v = view(payload);
  const n = payload.length;
  switch (type) {
    case HOST_TYPE.hello:
      if (n < 6) return BAD;
      return {
        ok: true,
        message: {
          name: 'hello',
          minMajor: v.getUint8(0),
          maxMajor: v.getUint8(1),
          session: v.getUint32(2, true),
        },
      };
    case HOST_TYPE.ack:
      if (n < 6) return BAD;
      return { ok: true, message: { name: 'ack', boot: v.getUint32(0, true), seq: v.getUint16(4, true) } };
    case HOST_TYPE.arm:
      if (n < 8) return BAD;
      return {
        ok: true,
        message: {
          name: 'arm',
          ticket: v.getUint32(0, true),
          mask: v.getUint8(4),
          singleShot: (v.getUint8(5) & 1) !== 0,
          timeoutS: v.getUint16(6, true),
        },
      };
    case HOST_TYPE.disarm:
      if (n < 4) return BAD;
      return { ok: true, message: { name: 'disarm', ticket: v.getUint32(0, true) } };
    case HOST_TYPE.led:
      if (n < 4) return BAD;
      return {
        ok: true,
        message: { name: 'led', on: v.getUint8(0), blink: v.getUint8(1), ttlTenths: v.getUint8(3) },
      };
    case HOST_TYPE.prompt:
      if (n < 2) return BAD;
      return { ok: true, message: { name: 'prompt', sound: v.getUint8(0), volume: v.getUint8(1) } };
    case HOST_TYPE.ping:
      return { ok: true, message: { name: 'ping' } };
    case HOST_TYPE.selfTest:
      return { ok: true, message: { name: 'selfTest', mask: n < 1 ? null : v.getUint8(0) } };
    case HOST_TYPE.setConfig:
      if (n < 3) return BAD;
      return { ok: true, message: { name: 'setConfig', key: v.getUint8(0), value: v.getUint16(1, true) } };
    case HOST_TYPE.getConfig:
      if (n < 1) return BAD;
      return { ok: true, message: { name: 'getConfig', key: v.getUint8(0) } };
    case HOST_TYPE.bootloader:
      if (n < 5) return BAD;
      return { ok: true, message: { name: 'bootloader', magic: v.getUint32(0, true), mode: v.getUint8(4) } };
    case HOST_TYPE.poll:
      return { ok: true, message: { name: 'poll' } };
    default:
      return UNKNOWN;
  }
}

export function encodePanelMessage(m: PanelMessage): Body {
  switch (m.name) {
    case 'result':
      return body(PANEL_TYPE.result, [m.request, 1], [m.status, 1], [m.detail, 2]);
    case 'info': {
      const encoded = body(
        PANEL_TYPE.info,
        [m.minMajor, 1],
        [m.maxMajor, 1],
        [0, 4],
        [0, 4],
        [m.firmware[0], 1],
        [m.firmware[1], 1],
        [m.firmware[2], 1],
        [m.buttons, 1],
        [m.leds, 1],
        [m.caps, 2],
        [m.boot, 4],
        [m.oldestUnacked, 2],
        [m.queueLength, 1],
        [m.queueCapacity, 1],
        [m.resetCause, 1],
      );
      encoded.payload.set(hwidBytes(m.hwid), 2);
      return encoded;
    }
    case 'button':
      return body(
        PANEL_TYPE.button,
        [m.boot, 4],
        [m.seq, 2],
        [m.button, 1],
        [m.flags, 1],
        [m.uptimeMs, 4],
        [m.durationMs, 2],
        [m.ticket, 4],
      );
    case 'release':
      return body(PANEL_TYPE.release, [m.boot, 4], [m.seq, 2], [m.button, 1], [m.durationMs, 2]);
    case 'fault':
      return body(PANEL_TYPE.fault, [m.boot, 4], [m.uptimeMs, 4], [m.code, 1], [m.button, 1], [m.detail, 2]);
    case 'status':
      return body(
        PANEL_TYPE.status,
        [m.boot, 4],
        [m.uptimeMs, 4],
        [(m.armed ? 1 : 0) | (m.session ? 2 : 0) | (m.overflowed ? 4 : 0), 1],
        [m.down, 1],
        [m.stuck, 1],
        [m.queueLength, 1],
        [m.overflow, 1],
        [m.ignored, 1],
        [m.rxErrors, 1],
        [m.ticket, 4],
      );
    case 'test':
      return body(PANEL_TYPE.test, [m.result, 1], [m.buttonsDown, 1], [m.stuck, 1], [m.freeRam, 2]);
  }
}

export function decodePanelMessage(type: number, payload: Uint8Array): Decoded<PanelMessage> {
  const v = view(payload);
  const n = payload.length;
  switch (type) {
    case PANEL_TYPE.result:
      if (n < 4) return BAD;
      return {
        ok: true,
        message: {
          name: 'result',
          request: v.getUint8(0),
          status: v.getUint8(1),
          detail: v.getUint16(2, true),
        },
      };
    case PANEL_TYPE.info: {
      if (n < 26) return BAD;
      const buttons = v.getUint8(13);
      if (buttons < 1 || buttons > 8) return BAD;
      return {
        ok: true,
        message: {
          name: 'info',
          minMajor: v.getUint8(0),
          maxMajor: v.getUint8(1),
          hwid: hwidText(payload.subarray(2, 10)),
          firmware: [v.getUint8(10), v.getUint8(11), v.getUint8(12)],
          buttons,
          leds: v.getUint8(14),
          caps: v.getUint16(15, true),
          boot: v.getUint32(17, true),
          oldestUnacked: v.getUint16(21, true),
          queueLength: v.getUint8(23),
          queueCapacity: v.getUint8(24),
          resetCause: v.getUint8(25),
        },
      };
    }
    case PANEL_TYPE.button: {
      if (n < 18) return BAD;
      const seq = v.getUint16(4, true);
      const button = v.getUint8(6);
      if (seq === 0 || button > 7) return BAD;
      return {
        ok: true,
        message: {
          name: 'button',
          boot: v.getUint32(0, true),
          seq,
          button,
          flags: v.getUint8(7),
          uptimeMs: v.getUint32(8, true),
          durationMs: v.getUint16(12, true),
          ticket: v.getUint32(14, true),
        },
      };
    }
    case PANEL_TYPE.release:
      if (n < 9 || v.getUint8(6) > 7) return BAD;
      return {
        ok: true,
        message: {
          name: 'release',
          boot: v.getUint32(0, true),
          seq: v.getUint16(4, true),
          button: v.getUint8(6),
          durationMs: v.getUint16(7, true),
        },
      };
    case PANEL_TYPE.fault:
      if (n < 12) return BAD;
      return {
        ok: true,
        message: {
          name: 'fault',
          boot: v.getUint32(0, true),
          uptimeMs: v.getUint32(4, true),
          code: v.getUint8(8),
          button: v.getUint8(9),
          detail: v.getUint16(10, true),
        },
      };
    case PANEL_TYPE.status: {
      if (n < 19) return BAD;
      const state = v.getUint8(8);
      return {
        ok: true,
        message: {
          name: 'status',
          boot: v.getUint32(0, true),
          uptimeMs: v.getUint32(4, true),
          armed: (state & 1) !== 0,
          session: (state & 2) !== 0,
          overflowed: (state & 4) !== 0,
          down: v.getUint8(9),
          stuck: v.getUint8(10),
          queueLength: v.getUint8(11),
          overflow: v.getUint8(12),
          ignored: v.getUint8(13),
          rxErrors: v.getUint8(14),
          ticket: v.getUint32(15, true),
        },
      };
    }
    case PANEL_TYPE.test:
      if (n < 5) return BAD;
      return {
        ok: true,
        message: {
          name: 'test',
          result: v.getUint8(0),
          buttonsDown: v.getUint8(1),
          stuck: v.getUint8(2),
          freeRam: v.getUint16(3, true),
        },
      };
    default:
      return UNKNOWN;
  }
}

function hwidText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function hwidBytes(text: string): Uint8Array {
  if (!/^[0-9a-f]{16}$/.test(text)) throw new RangeError('hwid is 16 lower-case hexadecimal digits');
  return Uint8Array.from({ length: 8 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
