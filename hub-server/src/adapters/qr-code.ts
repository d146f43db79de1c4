/** Rows of modules of a QR code, `1` dark, without the quiet zone: an enrolment code to be scanned. Sole user of uqr in the hub. */
import { encode } from 'uqr';

export const drawQr = (text: string): string[] =>
  encode(text, { ecc: 'M', border: 0 }).data.map((row) => row.map((dark) => (dark ? '1' : '0')).join(''));
