/**
 * When a fact happened, in UTC ms. A pure function of chain events, so that a resend after a restore gives the same
 * month. Until anchors are evaluated (the integrity kernel's own issue) this is the kiosk's claimed wall time; this
 * is the only place that decides it, so projections and months follow when it changes and are rebuilt.
 */
export function effectiveAt(event: { readonly at: number }): number {
  return event.at;
}
