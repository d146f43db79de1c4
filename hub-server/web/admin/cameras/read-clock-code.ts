/** The hub's clock page in a picture: its code, found and read in the browser. Null: none is there, or it cannot be read. */
import { clockOf } from './clock-code.ts';

export async function readClockCode(picture: Blob): Promise<number | null> {
  const image = await createImageBitmap(picture);
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.drawImage(image, 0, 0);
  // Fetched only when a picture is read.
  const { default: jsqr } = await import('jsqr');
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
  return clockOf(jsqr(data, width, height)?.data ?? '');
}
