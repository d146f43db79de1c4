/** A short code in groups that a hand can copy: of five where that comes out even, else of four. */
export function codeGroups(code: string): readonly string[] {
  const size = code.length % 5 === 0 ? 5 : 4;
  return code.match(new RegExp(`.{1,${size}}`, 'gu')) ?? [];
}
