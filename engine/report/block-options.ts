/** What a block may know about the place it is drawn in. */
export interface BlockOptions {
  /** Width in CSS pixels that charts are drawn for; 720 when not given. */
  readonly width?: number
  /** Width of a second drawing of each chart that narrow screens show instead; none when not given. */
  readonly narrow?: number
  /** The chart's title stands already above it as a heading. */
  readonly titled?: boolean
}

export const defaultWidth = 720
