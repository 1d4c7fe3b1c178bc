import { type JsonValue, ProblemError } from '#contract'
import { type Fit, fits } from '#ml/image/fit-picture'

const layouts = ['folders', 'idx', 'csv'] as const

/** How pictures are found and what they become; see the node data/read-images. */
export interface ImageOptions {
  readonly layout: (typeof layouts)[number]
  /** Of folders: the one that holds those of the classes. */
  readonly root: string
  /** Of IDX: the file of the labels, none where empty. */
  readonly labels: string
  /** Of CSV: where paths start, the CSV's own folder where empty. */
  readonly folder: string
  /** Of CSV: names of the columns, the first and second where empty. */
  readonly pathColumn: string
  readonly labelColumn: string
  /** Pixels; 0 as the first picture. */
  readonly width: number
  readonly height: number
  readonly color: 'auto' | 'grey' | 'color'
  readonly fit: Fit
  /** Most pictures of a class; 0 all. */
  readonly mostEach: number
}

export const isImages = (options: Readonly<Record<string, JsonValue>>): boolean => options['format'] === 'images'

function choice<T extends string>(value: JsonValue | undefined, known: readonly T[], name: string): T {
  const found = known.find((one) => one === (value ?? known[0]))
  if (found !== undefined) return found
  throw new ProblemError({
    code: 'parameter-bad',
    message: `The parameter ${name} has a value that reading pictures does not know.`,
    path: ['params', name],
    fix: `Choose one of ${known.join(', ')}`,
  })
}

export function imageOptions(options: Readonly<Record<string, JsonValue>>): ImageOptions {
  const text = (name: string) => String(options[name] ?? '')
  const count = (name: string) => Math.max(0, Math.floor(Number(options[name] ?? 0)))
  return {
    layout: choice(options['layout'], layouts, 'layout'),
    root: text('root'),
    labels: text('labels'),
    folder: text('folder'),
    pathColumn: text('pathColumn'),
    labelColumn: text('labelColumn'),
    width: count('width'),
    height: count('height'),
    color: choice(options['color'], ['auto', 'grey', 'color'], 'color'),
    fit: choice(options['fit'], fits, 'fit'),
    mostEach: count('mostEach'),
  }
}
