import type { Frame, Model, RunContext } from '#contract'
import { type CellPieces, meanPictureCell, picturePieces, wordPieces } from '#ml/explain/cell-pieces'
import { cellText, columnOf } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import type { DecidedPeople } from './decided-people.ts'
import { aimOf, beyond, type FindChange } from './smallest-change.ts'

/** Pictures whose mean stands for what is left out. */
const mostPictures = 200

/** What is told of a word or region that is left out. */
export const leftOut = { words: ['in it', 'left out'], pixels: ['as it is', 'as on average'] } as const

/**
 * Finds words that a text, or regions that a picture, would have to do without for another decision (SEDC, Martens &
 * Provost 2014, MIS Quarterly 38:73): they are left out one after the other, those first whose absence alone brings the
 * decision nearest, until it changes; then those that turn out not to be needed come back. What is left cannot be made
 * smaller by putting one of them back, but another set may be smaller.
 */
export function leftOutFinder(model: Model, people: DecidedPeople, whole: Frame, context: RunContext): FindChange {
  const { name, type, image } = model.features[0]!
  const column = columnOf(people.frame, name)
  const known = columnOf(whole, name)
  const some = Array.from({ length: Math.min(whole.rows, mostPictures) }, (_, row) => cellText(known, row))
  const inPieces = image ? picturePieces(image, name, meanPictureCell(some, image, name)) : wordPieces
  const [from, to] = leftOut[image ? 'pixels' : 'words']
  return async (place) => {
    const aim = aimOf(people, place)
    const pieces = inPieces(cellText(column, place) ?? '')
    const names = [...new Set(pieces.names)]
    const scoresWithout = async (sets: readonly (readonly string[])[]) => {
      context.signal.throwIfAborted()
      const cells = sets.map((set) => without(pieces, set))
      const made = frameOf({ ...columnFrom(name, type, cells), ...(image && { image }) })
      const { values } = await context.models.score(model, made)
      const width = values.length / sets.length
      return sets.map((_, row) => values.subarray(row * width, (row + 1) * width))
    }
    const reach = async (sets: readonly (readonly string[])[]) => (await scoresWithout(sets)).map(aim.reach)
    if (names.length === 0) return null
    const alone = await reach(names.map((one) => [one]))
    const order = [...names.keys()].sort((a, b) => alone[b]! - alone[a]! || a - b).map((at) => names[at]!)
    const growing = await reach(order.map((_, count) => order.slice(0, count + 1)))
    const enough = growing.findIndex((far) => far >= beyond.atLeast)
    if (enough < 0) return null
    let found = order.slice(0, enough + 1)
    for (const back of found.toReversed()) {
      const fewer = found.filter((one) => one !== back)
      if (fewer.length > 0 && (await reach([fewer]))[0]! >= beyond.atLeast) found = fewer
    }
    const [scores] = await scoresWithout([found])
    return { to: aim.to, score: aim.shown(scores!), cells: found.map((feature) => ({ feature, from, to })) }
  }
}

function without({ names, cell }: CellPieces, set: readonly string[]): string {
  const gone = new Set(set)
  return cell(names.map((one) => Number(!gone.has(one))))
}
