/** Rows as the checks see them, whatever storage they lie in. */
export interface HeldDevice {
  readonly id: string;
  readonly publicKey: Uint8Array;
  readonly serial: number;
}
export interface HeldEpoch {
  readonly id: number;
  readonly device: string;
  readonly epoch: string;
  readonly headSeq: number;
  readonly headHash: Uint8Array;
}
export interface HeldEvent {
  readonly seq: number;
  /** 0: the chain; from 1 on other bytes under a number of it. */
  readonly branch: number;
  readonly hash: Uint8Array;
  readonly prev: Uint8Array;
  readonly bytes: Uint8Array;
  readonly type: string | null;
  readonly at: number | null;
  readonly status: string;
}
export interface HeldSigned {
  readonly seq: number;
  readonly hash: Uint8Array;
  /** JSON of {origin, size, root}, or null. */
  readonly checkpoint: string | null;
  readonly sig: string;
}
/** Events of an epoch that the hub lists as nowhere: what the device deleted as safe, or cannot read any more. */
export interface HeldGap {
  readonly from: number;
  /** First number after the gap; held, unless the epoch ends with it. */
  readonly resumes: number;
}
