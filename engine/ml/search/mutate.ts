import type { Random } from '../random/random.ts'
import { type Dimension, fillSettings, type SearchSpace, type Setting, type Settings, sizeOf, stepOf } from './space.ts'
import { choiceOf, settingAt, unitOf } from './unit-interval.ts'

/**
 * The settings with one parameter changed: a number by a normal step of `spread` of its range (reflected at the ends,
 * at least one step where there are steps), a category to another choice. Parameters that begin to exist are drawn
 * at random, those that cease are dropped. A space with one setting gives that setting.
 */
export function mutateSettings(space: SearchSpace, settings: Settings, random: Random, spread: number): Settings {
  const names = Object.keys(settings).filter((name) => sizeOf(space[name]!) > 1)
  const changed = names[names.length > 0 ? random.integer(names.length) : 0]
  return fillSettings(space, (name, dimension) => {
    const setting = settings[name]
    if (setting === undefined) return settingAt(dimension, random.uniform())
    return name === changed ? moved(dimension, setting, random, spread) : setting
  })
}

function moved(dimension: Dimension, setting: Setting, random: Random, spread: number): Setting {
  if (dimension.kind === 'category') {
    const other = random.integer(dimension.choices.length - 1)
    return dimension.choices[other + (other >= choiceOf(dimension, setting) ? 1 : 0)]!
  }
  const from = unitOf(dimension, setting as number)
  const value = settingAt(dimension, reflected(from + spread * random.normal()))
  const step = stepOf(dimension)
  if (value !== setting || step === 0) return value
  const neighbours = [(setting as number) - step, (setting as number) + step]
  const inside = neighbours.filter((other) => other >= dimension.low && other <= dimension.high + 1e-9)
  return inside[random.integer(inside.length)]!
}

/** A place on the line folded into [0, 1]. */
function reflected(place: number): number {
  const folded = Math.abs(place) % 2
  return folded > 1 ? 2 - folded : folded
}
