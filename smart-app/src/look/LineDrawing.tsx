/** A small picture in one line, in the colour of the text beside it, which says the same: nobody needs to hear it. */
export function LineDrawing({ path, size }: { path: string; size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" fill="none">
      <path d={path} stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
