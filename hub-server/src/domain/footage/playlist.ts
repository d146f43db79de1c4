/**
 * The m3u8 over whole segments. Each segment is a complete fragmented MP4, so each is its own initialisation and each
 * seam a discontinuity: measured to play natively in Chromium with nothing cut (camera.md §4). Wall time goes along.
 */
import type { Piece } from './clip.ts';

export function buildPlaylist(pieces: readonly Piece[], address: (segmentId: string) => string): string {
  const longest = pieces.reduce((most, piece) => Math.max(most, piece.durationSeconds), 1);
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXT-X-TARGETDURATION:${Math.ceil(longest)}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
  ];
  pieces.forEach((piece, i) => {
    const url = address(piece.segment.id);
    if (i > 0) lines.push('#EXT-X-DISCONTINUITY');
    lines.push(
      `#EXT-X-MAP:URI="${url}"`,
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(piece.wallFrom).toISOString()}`,
      `#EXTINF:${piece.durationSeconds.toFixed(3)},`,
      url,
    );
  });
  lines.push('#EXT-X-ENDLIST', '');
  return lines.join('\n');
}
