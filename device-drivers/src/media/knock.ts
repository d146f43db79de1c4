/** Purpose: does anybody listen at an address? One TCP connection, closed at once, at most a second. */
import { connect } from 'node:net';

const KNOCK_MS = 900;

export function knock(address: { readonly ip: string; readonly port: number }): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: address.ip, port: address.port });
    const finish = (open: boolean) => {
      socket.destroy();
      done(open);
    };
    socket.setTimeout(KNOCK_MS, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
