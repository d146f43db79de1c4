/** The bytes a device signs to say hello, and those the hub signs to tell the time: each is good for one device and nonce. */
const utf8 = new TextEncoder();

export const signedHello = (device: string, nonce: string): Uint8Array =>
  utf8.encode(`hailong-hello-v1\n${device}\n${nonce}\n`);

export const signedAnchor = (device: string, nonce: string, hubAt: number): Uint8Array =>
  utf8.encode(`hailong-anchor-v1\n${device}\n${nonce}\n${hubAt}`);
