/**
 * Purpose: shows the bytes of a line, both ways, to somebody who sets a panel up. Changes nothing on it.
 * Document: firmware-notes/families.md, "Set-up".
 */
import type { SerialTransport } from './ports.ts';

export type Tap = (direction: 'in' | 'out', bytes: Uint8Array) => void;

export function tapped(transport: SerialTransport, tap: Tap): SerialTransport {
  return {
    path: transport.path,
    watch: (changed) => transport.watch(changed),
    connect(listener) {
      const connection = transport.connect({
        opened: () => listener.opened(),
        received(bytes) {
          tap('in', bytes);
          listener.received(bytes);
        },
        ended: (end) => listener.ended(end),
      });
      return {
        write(bytes) {
          const written = connection.write(bytes);
          if (written) tap('out', bytes);
          return written;
        },
        close: () => connection.close(),
      };
    },
  };
}
