/**
 * One text per value (RFC 8785): keys in order of their UTF-16 units, no white space, numbers as ECMAScript writes them.
 * A manifest whose bytes are not these hides something: a key twice, a value behind white space.
 * Refuses: what JSON cannot hold (undefined members are left out, as JSON does).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
  }
  const text = JSON.stringify(value);
  if (text === undefined || (typeof value === 'number' && !Number.isFinite(value)))
    throw new RangeError('no JSON value');
  return text;
}
