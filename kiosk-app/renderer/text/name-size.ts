/** Long names get smaller letters, never a cut. Lengths in characters, at the widths of style/screens.css. */
export function nameSize(name: string): 'large' | 'medium' | 'small' {
  const { length } = name.normalize('NFC');
  if (length <= 21) return 'large';
  return length <= 30 ? 'medium' : 'small';
}
