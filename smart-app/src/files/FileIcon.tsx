/** A small picture per kind of file; the word or name always stands beside it. */
import type { FileKind } from '../../../src/domain/outgoing.ts'
import { LineDrawing } from '../look/LineDrawing.tsx'

const shapes: Record<FileKind, string> = {
  // a sheet with a folded corner
  document: 'M5 2h7l4 4v12H5ZM12 2v4h4M8 10h5M8 13h5',
  // a frame with a hill and a sun
  image: 'M3 4h14v12H3ZM3 13l4-4 4 4 2-2 4 4M13 7.5h.1',
  // a microphone
  voice:
    'M10 2a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 10 2ZM5 9.5a5 5 0 0 0 10 0M10 14.5V18',
  // a frame with a triangle
  video: 'M3 4h14v12H3ZM8.5 7.5l4 2.5-4 2.5Z',
}

export function FileIcon({ kind, size = 20 }: { kind: FileKind; size?: number }) {
  return <LineDrawing path={shapes[kind]} size={size} />
}
