/** Whether these Latin letters stand at that place; past the end they do not. */
export const saysAt = (view: DataView, at: number, letters: string): boolean =>
  at + letters.length <= view.byteLength &&
  [...letters].every((letter, index) => view.getUint8(at + index) === letter.charCodeAt(0));
