/** First bytes of kinds of pictures that are not read here, so that a file can be called by what it is. */
const kinds: readonly (readonly [name: string, offset: number, text: string])[] = [
  ['GIF', 0, 'GIF8'],
  ['WebP', 8, 'WEBP'],
  ['BMP', 0, 'BM'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['HEIC or AVIF', 4, 'ftyp'],
  ['PDF', 0, '%PDF'],
]

/** What kind of picture a file holds that is neither PNG nor JPEG; undefined when it looks like none. */
export function otherPictureKind(bytes: Uint8Array): string | undefined {
  const holds = (offset: number, text: string) =>
    Array.from(text).every((letter, at) => bytes[offset + at] === letter.charCodeAt(0))
  return kinds.find(([, offset, text]) => holds(offset, text))?.[0]
}
