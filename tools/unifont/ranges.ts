/** What of Unifont is packed: scripts that are written from left to right with one glyph a character, and signs. */
export const ranges: readonly (readonly [first: number, last: number])[] = [
  // Latin, IPA, modifier letters, combining marks
  [0x0020, 0x007e],
  [0x00a0, 0x00ac],
  [0x00ae, 0x036f],
  // Greek, Cyrillic, Armenian
  [0x0370, 0x052f],
  [0x0530, 0x058f],
  // Georgian
  [0x10a0, 0x10ff],
  // Phonetic extensions, combining marks, Latin and Greek with marks
  [0x1d00, 0x1fff],
  // Spaces and punctuation, without characters that steer joining, lines and direction
  [0x2000, 0x200a],
  [0x2010, 0x2027],
  [0x202f, 0x205f],
  // Raised and lowered figures, currencies, letterlike signs, number forms, arrows
  [0x2070, 0x21ff],
  // Mathematics, technical signs, enclosed figures, frames, blocks, shapes, signs, dingbats
  [0x2200, 0x23ff],
  [0x2460, 0x27bf],
  [0x27c0, 0x27ff],
  [0x2900, 0x2bff],
  [0x2c60, 0x2c7f],
  [0x2e00, 0x2e5d],
  // Chinese and Japanese punctuation, kana, bopomofo, Hangul letters, enclosed letters
  [0x3000, 0x33ff],
  // CJK unified ideographs
  [0x4e00, 0x9fff],
  [0xa720, 0xa7ff],
  // Hangul syllables
  [0xac00, 0xd7a3],
  // CJK compatibility ideographs, Latin ligatures, wide and narrow forms
  [0xf900, 0xfaff],
  [0xfb00, 0xfb06],
  [0xfe30, 0xfe4f],
  [0xff01, 0xffee],
  [0xfffd, 0xfffd],
];
