/**
 * The bytes of one audit row that a Merkle leaf commits to: one JSON array in a fixed order, UTF-8, so that
 * another program can compute them. See hub-server/DESIGN.md, "Audit log".
 */
export interface AuditEntry {
  /** UTC ms of the hub. */
  readonly at: number;
  /** `user:<id>`, `officer:<code>`, `device:<id>`, `api:<id>`, `operator` (the command line) or `hub`. */
  readonly actor: string;
  /** noun.verb, e.g. `clip.opened`. */
  readonly action: string;
  readonly object: string;
  readonly reason: string | null;
  /** Further facts as JSON; no comments of citizens, no secrets. */
  readonly body: unknown;
}

const utf8 = new TextEncoder();

export function auditLeaf(seq: number, entry: AuditEntry): Uint8Array {
  const body = entry.body === undefined || entry.body === null ? null : JSON.stringify(entry.body);
  return utf8.encode(
    JSON.stringify([
      'hailong-audit-v1',
      seq,
      entry.at,
      entry.actor,
      entry.action,
      entry.object,
      entry.reason,
      body,
    ]),
  );
}
