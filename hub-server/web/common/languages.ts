/** The languages of the pages and the shape of a catalogue: one type for both, so that neither lacks a sentence. */
export type Lang = 'vi' | 'en';
export interface Catalogue<T> {
  readonly vi: T;
  readonly en: T;
}
