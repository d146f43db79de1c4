import type { StatedHead } from '../protocol/edge.ts';

/** The bytes a device signs to say hello, and those the hub signs to tell the time: each is good for one device and nonce. */
const utf8 = new TextEncoder();

export const signedHello = (device: string, nonce: string): Uint8Array =>
  utf8.encode(`hailong-hello-v1\n${device}\n${nonce}\n`);

export const signedAnchor = (device: string, nonce: string, hubAt: number): Uint8Array =>
  utf8.encode(`hailong-anchor-v1\n${device}\n${nonce}\n${hubAt}`);

/** The bytes a device signs to state its box for PIN verifiers. */
export const signedBox = (device: string, key: string): Uint8Array =>
  utf8.encode(`hailong-box-v1\n${device}\n${key}\n`);

/** What a sealed verifier is bound to: it stands for no other device, officer or revision of the roster. */
export const verifierData = (device: string, officer: string, revision: number): Uint8Array =>
  utf8.encode(`hailong-pin-v1\n${device}\n${officer}\n${revision}\n`);

/** Up to here a device can still send of an epoch: not what it deleted as safe, nor a tail that fails its hash; 0: nothing. */
export function sendableTo({
  seq,
  floor = 1,
  last = seq,
}: Pick<StatedHead, 'seq' | 'floor' | 'last'>): number {
  const to = Math.min(seq, last);
  return to < floor ? 0 : to;
}
