/**
 * Wilson score interval of a share, 95 %, in hundredths of a per cent (0…10000). Chosen because it stays inside
 * 0…1 and is honest at small n, where the plain interval claims certainty (E. B. Wilson, JASA 22, 1927).
 */
const Z = 1.959963984540054;
const SCALE = 10_000;

export interface Share {
  readonly share: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** `null` when n is 0: missing is missing. */
export function wilson(hits: number, n: number): Share {
  if (n <= 0) return { share: null, low: null, high: null };
  const p = hits / n;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  const scale = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * SCALE);
  return { share: scale(p), low: scale(middle - half), high: scale(middle + half) };
}
