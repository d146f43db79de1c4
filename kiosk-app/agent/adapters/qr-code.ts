/**
 * Purpose: a text as the modules of a QR code, level M (a scratched or glaring screen is still read), the smallest version
 *   that holds it.
 * Refuses: nothing; who calls keeps texts short. Sole user of uqr: one file of 27 KB without dependencies, MIT; writing the
 *   Reed-Solomon code and the mask rules again would be nobody's trade here.
 */
import { encode } from 'uqr';
import type { DrawQr } from '../application/ports.ts';

export const drawQr: DrawQr = (text) =>
  encode(text, { ecc: 'M', border: 0 }).data.map((row) => row.map((dark) => (dark ? '1' : '0')).join(''));
