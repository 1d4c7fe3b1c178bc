import { useEffect, useRef } from 'react'
import type { ImageSize } from '#contract'
import { tableMessages as words } from './table-messages.ts'
import { thumbnailPixels } from './thumbnail-pixels.ts'

/** A picture in a cell, as high as the row. */
export function Thumbnail({ cell, size }: { readonly cell: string; readonly size: ImageSize }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const pixels = thumbnailPixels(cell, size)
    const context = canvas.current?.getContext('2d')
    if (!pixels || !context) return
    const data = context.createImageData(size.width, size.height)
    data.data.set(pixels)
    context.putImageData(data, 0, 0)
  }, [cell, size])
  return (
    <canvas
      ref={canvas}
      className="table-thumbnail"
      role="img"
      aria-label={words.picture(size.width, size.height)}
      width={size.width}
      height={size.height}
    />
  )
}
