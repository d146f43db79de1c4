/** The bytes a device signs to say hello: the hub's nonce makes each hello good for one line only. */
const utf8 = new TextEncoder();

export const signedHello = (device: string, nonce: string): Uint8Array =>
  utf8.encode(`hailong-hello-v1\n${device}\n${nonce}\n`);
