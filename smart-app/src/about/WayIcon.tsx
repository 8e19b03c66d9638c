/** A small picture per way; its word stands beside it. */
import type { ReportWay } from '../../../src/domain/report-words.ts'
import { LineDrawing } from '../look/LineDrawing.tsx'
import classes from './Report.module.css'

const shapes: Record<ReportWay, string> = {
  // a tick
  native: 'm4 10.5 4 4 8-9',
  // there and back
  polled: 'M4 8a6.5 6.5 0 0 1 11.5-2M16 3v3.5h-3.5M16 12a6.5 6.5 0 0 1-11.5 2M4 17v-3.5h3.5',
  // a drum of records
  sidecar:
    'M10 3c3.6 0 6 1 6 2.2S13.6 7.5 10 7.5 4 6.4 4 5.2 6.4 3 10 3ZM4 5.2v9.6C4 16 6.4 17 10 17s6-1 6-2.2V5.2M4 10c0 1.2 2.4 2.2 6 2.2s6-1 6-2.2',
  // a cross
  missing: 'm5 5 10 10M15 5 5 15',
}

export function WayIcon({ way }: { way: ReportWay }) {
  return (
    <span className={classes.icon} data-way={way}>
      <LineDrawing path={shapes[way]} size={18} />
    </span>
  )
}
