/**
 * Bytes as a technician types them: `OK\r`, `\x89`, `#name1`. Escapes: \r \n \t \0 \\ \* \? \xHH; everything else is
 * printable ASCII. A pattern has two wild cards, `*` (any bytes, also none) and `?` (any one byte), and matches a whole
 * message in linear time: no expression a technician can write makes the agent slow.
 */
export type PatternPart = number | 'one' | 'many';

const ESCAPES: Readonly<Record<string, number>> = {
  r: 0x0d,
  n: 0x0a,
  t: 0x09,
  '0': 0x00,
  '\\': 0x5c,
  '*': 0x2a,
  '?': 0x3f,
};

/** Null when something in it is no byte. */
export function parsePattern(text: string): readonly PatternPart[] | null {
  const parts: PatternPart[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (char === '*' || char === '?') {
      parts.push(char === '*' ? 'many' : 'one');
      continue;
    }
    if (char !== '\\') {
      const code = char.charCodeAt(0);
      if (code < 0x20 || code > 0x7e) return null;
      parts.push(code);
      continue;
    }
    at += 1;
    const escaped = text[at] ?? '';
    const hex = /^x([0-9a-fA-F]{2})/.exec(text.slice(at, at + 3));
    const byte = hex ? Number.parseInt(hex[1]!, 16) : ESCAPES[escaped];
    if (byte === undefined) return null;
    if (hex) at += 2;
    parts.push(byte);
  }
  return parts;
}

/** As a pattern without wild cards; a bare `*` or `?` is that byte here. */
export function parseWireText(text: string): Uint8Array | null {
  const parts = parsePattern(text);
  if (parts === null) return null;
  return Uint8Array.from(parts, (part) => (part === 'many' ? 0x2a : part === 'one' ? 0x3f : part));
}

/** As it would be typed to match exactly these bytes. */
export function wireTextOf(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => {
      const name = Object.entries(ESCAPES).find(([, value]) => value === byte)?.[0];
      if (name !== undefined) return `\\${name}`;
      if (byte < 0x20 || byte > 0x7e) return `\\x${byte.toString(16).padStart(2, '0')}`;
      return String.fromCharCode(byte);
    })
    .join('');
}

/** Greedy with one step back: at most pattern × message comparisons. */
export function matches(pattern: readonly PatternPart[], bytes: Uint8Array): boolean {
  let at = 0;
  let part = 0;
  let star = -1;
  let starAt = 0;
  while (at < bytes.length) {
    const wanted = pattern[part];
    if (wanted === 'many') {
      star = part;
      starAt = at;
      part += 1;
    } else if (wanted === 'one' || wanted === bytes[at]) {
      part += 1;
      at += 1;
    } else if (star >= 0) {
      part = star + 1;
      starAt += 1;
      at = starAt;
    } else return false;
  }
  while (pattern[part] === 'many') part += 1;
  return part === pattern.length;
}

/** Whether some message fits both: the two are then no distinction. Small dynamic programme over both patterns. */
export function overlap(a: readonly PatternPart[], b: readonly PatternPart[]): boolean {
  const seen = new Set<number>();
  const width = b.length + 1;
  const walk = (i: number, j: number): boolean => {
    const key = i * width + j;
    if (seen.has(key)) return false;
    seen.add(key);
    const [x, y] = [a[i], b[j]];
    if (x === undefined && y === undefined) return true;
    if (x === 'many' && (walk(i + 1, j) || (y !== undefined && y !== 'many' && walk(i, j + 1)))) return true;
    if (y === 'many' && (walk(i, j + 1) || (x !== undefined && x !== 'many' && walk(i + 1, j)))) return true;
    if (x === undefined || y === undefined || x === 'many' || y === 'many') return false;
    return (x === 'one' || y === 'one' || x === y) && walk(i + 1, j + 1);
  };
  return walk(0, 0);
}
