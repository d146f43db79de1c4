/** Builds as agents state them, `hailong-kiosk/1.4.2`: which of two is older. What is not of this form is never older. */
const BUILD = /^[a-z-]+\/(\d{1,6})\.(\d{1,6})\.(\d{1,6})/;

function numbersOf(build: string): readonly number[] | null {
  return BUILD.exec(build)?.slice(1).map(Number) ?? null;
}

export function isOlderBuild(build: string, than: string): boolean {
  const [one, other] = [numbersOf(build), numbersOf(than)];
  if (!one || !other) return false;
  for (let n = 0; n < 3; n++) if (one[n] !== other[n]) return one[n]! < other[n]!;
  return false;
}

/** Null: none of them is of the form. */
export function newestBuild(builds: readonly string[]): string | null {
  let newest: string | null = null;
  for (const build of builds)
    if (numbersOf(build) && (newest === null || isOlderBuild(newest, build))) newest = build;
  return newest;
}
