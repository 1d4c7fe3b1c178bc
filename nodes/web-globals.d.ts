/** Of the web's globals what nodes use; every runtime we run on has them. */
declare class URL {
  constructor(url: string, base?: string)
  readonly href: string
}
declare class TextEncoder {
  encode(text: string): Uint8Array
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string
}
interface ImportMeta {
  readonly url: string
}
