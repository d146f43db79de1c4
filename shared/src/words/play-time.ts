/** Where a film is played from, as the paper and the page of a package both write it: never later than the moment itself. */
const two = (value: number): string => String(value).padStart(2, '0');

/** `0:04,2` of seconds: minutes, seconds and tenths, cut and not rounded. */
export function playTime(seconds: number): string {
  const tenths = Math.floor(seconds * 10);
  return `${Math.floor(tenths / 600)}:${two(Math.floor((tenths % 600) / 10))},${tenths % 10}`;
}
