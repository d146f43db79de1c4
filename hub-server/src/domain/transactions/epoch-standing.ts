/**
 * Whether the facts of an epoch count. Loss or a clone shows in the chains themselves: a start from behind what is held,
 * two starts from one event, a start from other bytes, a loss the kiosk itself noticed. Such an epoch and all that go on
 * from it are suspended: kept, uncounted, until two people decided. Pure, and independent of arrival.
 * See hub-server/DESIGN.md, "Standing".
 */
export interface EpochFacts {
  readonly epoch: string;
  /** Null: it began from nothing, or its first event cannot be read. */
  readonly parent: { readonly epoch: string; readonly seq: number } | null;
  /** Its first event was read. */
  readonly started: boolean;
  /** Claimed time of its first event. */
  readonly at: number;
  readonly headSeq: number;
  /** The hub holds other bytes where it says it went on from. */
  readonly otherParent: boolean;
  /** It says of itself that something written was lost. */
  readonly lost: boolean;
  /** Other bytes under its own numbers are kept beside it. */
  readonly forked: boolean;
}
export type EpochState = 'counted' | 'suspended' | 'rejected';
export type Cause = 'rewound' | 'lost';

export interface EpochStanding {
  readonly state: EpochState;
  /** Its own cause; null: none, or inherited from its parent. */
  readonly cause: Cause | null;
  /** Whether what is kept beside it counts: only after a decision. */
  readonly branches: EpochState;
}

const earlier = (a: EpochFacts, b: EpochFacts): boolean => (a.at !== b.at ? a.at < b.at : a.epoch < b.epoch);

/** `decisions` holds the latest one of each epoch. */
export function standingOf(
  epochs: readonly EpochFacts[],
  decisions: ReadonlyMap<string, boolean>,
): Map<string, EpochStanding> {
  const byId = new Map(epochs.map((each) => [each.epoch, each]));
  const causes = causesOf(epochs, byId);
  const states = new Map<string, EpochState>();
  for (const each of epochs) {
    // Up to the first that speaks for itself; a forged chain may name its parents in a circle.
    const path = new Set<EpochFacts>();
    let state: EpochState = 'counted';
    for (let at: EpochFacts | undefined = each; at && !path.has(at); ) {
      const own = states.get(at.epoch) ?? ownState(at, causes, decisions);
      if (own !== null) {
        states.set(at.epoch, own);
        state = own;
        break;
      }
      path.add(at);
      at = at.parent ? byId.get(at.parent.epoch) : undefined;
    }
    // What goes on from a rejected one needs a decision of its own.
    for (const below of path) states.set(below.epoch, state === 'counted' ? 'counted' : 'suspended');
  }
  return new Map(
    epochs.map(({ epoch }) => {
      const decided = decisions.get(epoch);
      const branches = decided === undefined ? 'suspended' : decided ? 'counted' : 'rejected';
      return [epoch, { state: states.get(epoch)!, cause: causes.get(epoch) ?? null, branches }];
    }),
  );
}

function ownState(
  { epoch, forked }: EpochFacts,
  causes: ReadonlyMap<string, Cause>,
  decisions: ReadonlyMap<string, boolean>,
): EpochState | null {
  const caused = causes.has(epoch);
  const decided = decisions.get(epoch);
  if (decided === undefined) return caused ? 'suspended' : null;
  if (decided) return 'counted';
  // A fork alone does not take back what its own line said.
  return forked && !caused ? null : 'rejected';
}

function causesOf(epochs: readonly EpochFacts[], byId: ReadonlyMap<string, EpochFacts>): Map<string, Cause> {
  const causes = new Map<string, Cause>();
  const first = new Map<string, EpochFacts>();
  const claims = (each: EpochFacts): string | null => {
    const { parent } = each;
    if (parent && byId.has(parent.epoch)) return `${parent.epoch} ${parent.seq}`;
    return each.started ? 'nothing' : null;
  };
  // One machine goes on from an event once, and from nothing once: a second start is a copy of its disk, or its return.
  for (const each of epochs) {
    const from = claims(each);
    if (from === null) continue;
    const held = first.get(from);
    if (!held || earlier(each, held)) first.set(from, each);
  }
  for (const each of epochs) {
    const from = claims(each);
    const held = each.parent ? byId.get(each.parent.epoch) : undefined;
    if (each.lost) causes.set(each.epoch, 'lost');
    else if (each.otherParent || (each.parent && held && held.headSeq > each.parent.seq))
      causes.set(each.epoch, 'rewound');
    // A start whose parent is not held (yet) is no second start from nothing.
    else if (from !== null && first.get(from) !== each && !(from === 'nothing' && each.parent))
      causes.set(each.epoch, 'rewound');
  }
  return causes;
}

export type DeviceStanding = 'serving' | 'suspended' | 'superseded';

/** `newest`: the epoch its last hello named first; a kiosk that goes on in a rejected one must not thank anybody. */
export function deviceStanding(
  standings: ReadonlyMap<string, EpochStanding>,
  forked: ReadonlySet<string>,
  newest: string | null,
  superseded: boolean,
): DeviceStanding {
  if (superseded) return 'superseded';
  for (const [epoch, { state, branches }] of standings) {
    if (state === 'suspended') return 'suspended';
    if (forked.has(epoch) && branches === 'suspended') return 'suspended';
    if (state === 'rejected' && epoch === newest) return 'suspended';
  }
  return 'serving';
}
