/** The given name comes last in Vietnamese: "Nguyễn Thị Ngọc Ánh" is Á. */
export function initialOf(name: string): string {
  const given = name.trim().split(/\s+/u).at(-1) ?? '';
  return (given.normalize('NFC')[0] ?? '').toLocaleUpperCase('vi');
}
