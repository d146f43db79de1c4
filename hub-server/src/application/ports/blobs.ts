/** Photos by content hash. */
export interface StoredBlob {
  readonly sha256: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}
export interface BlobsPort {
  /** Same content, same name: storing twice is storing once. Answers the hash. */
  put(input: {
    readonly mediaType: string;
    readonly bytes: Uint8Array;
    readonly at: number;
  }): Promise<string>;
  get(sha256: string): Promise<StoredBlob | null>;
}
