/** Secrets come in through these interfaces: randomness, slow hashes, sealing at rest. */
export interface Secrets {
  /** UUIDv7. */
  id(): string;
  /** 256 random bits, base64url: cookies, keys, tickets. */
  token(): string;
  /** SHA-256, lowercase hex: how a random secret is kept. */
  hash(text: string): string;
  /** A second secret from a first, e.g. the CSRF token of a session. */
  derived(secret: string, label: string): string;
  /** Comparison whose time tells nothing. */
  same(a: string, b: string): boolean;
  /** A one-time code people type: 80 random bits as `XXXX-XXXX-XXXX-XXXX`. */
  code(): string;
  /** Hash of a typed code; case, dashes and spaces do not matter. */
  hashCode(code: string): string;
}

export interface Hasher {
  /** Throws `request.too_many` when too many wait. */
  hash(secret: string): Promise<string>;
  /** Null takes the same work as a hash and answers false: an unknown name costs what a known one does. */
  verify(secret: string, stored: string | null): Promise<boolean>;
}

/** Camera passwords at rest. */
export interface Sealer {
  seal(text: string): string;
  open(sealed: string): string;
}
