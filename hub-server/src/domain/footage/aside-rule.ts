/**
 * Purpose: when events that are kept and counted by nobody yet (in quarantine, on a branch that waits for a decision) may have
 * happened: between the anchors around them in their chain. A bad rating among them has placed no hold. Pure.
 * Refuses: to trust what such an event says of its own time. See hub-server/DESIGN.md, "Retention".
 */
export interface AnchorAt {
  readonly seq: number;
  readonly hubAt: number;
}
export interface Between {
  /** It happened after; null: nothing says so. */
  readonly after: number | null;
  /** It happened before; null: nothing says so yet. */
  readonly before: number | null;
}

/** `seqs` and `anchors` of one epoch, each in order; `epoch`: the anchored moments around the epoch as a whole. */
export function asideBetween(
  seqs: readonly number[],
  anchors: readonly AnchorAt[],
  epoch: { readonly lowerAt: number | null; readonly upperAt: number | null },
): Between[] {
  const out: Between[] = [];
  let next = 0;
  for (const seq of seqs) {
    while ((anchors[next]?.seq ?? Number.POSITIVE_INFINITY) < seq) next++;
    const after = anchors[next - 1]?.hubAt ?? epoch.lowerAt;
    const before = anchors[next]?.hubAt ?? epoch.upperAt;
    const last = out.at(-1);
    if (last?.after !== after || last.before !== before) out.push({ after, before });
  }
  return out;
}
