/**
 * Purpose: what an officer typed or scanned for *next citizen*: nothing, a queue number or a dossier code.
 * The rule: after trimming and upper-casing, a text of at least 8 signs that holds a dash and, apart from it, a dot or
 * at least six digits is a dossier code (`H21.27-261120-0043`, `000.00.16-2026-1`); otherwise a text in the form of a
 * queue number (`A012`, `5-12`) is that number; a longer text of the dossier form is a dossier code; else refused.
 */
import { dossierCode, queueNumber } from './transaction.ts';

export type NextCode =
  | { readonly kind: 'none' }
  | { readonly kind: 'queue'; readonly queueNumber: string }
  | { readonly kind: 'dossier'; readonly dossierCode: string }
  | { readonly kind: 'invalid' };

export function readNextCode(typed: string | undefined): NextCode {
  const text = (typed ?? '').trim().toUpperCase();
  if (text === '') return { kind: 'none' };
  const dossier = dossierCode.safeParse(text);
  const digits = text.replace(/[^0-9]/g, '').length;
  const looksLikeDossier =
    text.length >= 8 && text.includes('-') && (text.includes('.') || text.includes('/') || digits >= 6);
  if (looksLikeDossier && dossier.success) return { kind: 'dossier', dossierCode: dossier.data };
  const queue = queueNumber.safeParse(text);
  if (queue.success) return { kind: 'queue', queueNumber: queue.data };
  if (dossier.success) return { kind: 'dossier', dossierCode: dossier.data };
  return { kind: 'invalid' };
}
