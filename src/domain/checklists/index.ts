/** Of each dialect that is typed in by hand. */
import { athena } from './athena.ts'
import { byHand } from './by-hand.ts'
import type { Checklist } from './checklist.ts'
import { epic } from './epic.ts'
import { oracle } from './oracle.ts'

export const checklists: Record<'epic' | 'oracle' | 'athena' | 'by-hand', Checklist> = {
  epic,
  oracle,
  athena,
  'by-hand': byHand,
}
