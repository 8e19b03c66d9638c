/** The tick of a message. Decoration: what it means is said in the bubble's name, and in words where it matters. */
import classes from './Bubble.module.css'
import type { TickKind } from './ticks.ts'

const shapes: Record<Exclude<TickKind, 'none'>, string> = {
  clock: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 5v3.2l2 1.3',
  one: 'M4 8.5 7 11.5 13 4.5',
  two: 'M1 8.5 4 11.5 10 4.5M7.5 11 8 11.5 14.5 4.5',
  'two-read': 'M1 8.5 4 11.5 10 4.5M7.5 11 8 11.5 14.5 4.5',
  failed: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 5v3.5M8 10.9v.1',
  question:
    'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM6.5 6.5a1.5 1.5 0 1 1 2.2 1.3c-.5.3-.7.6-.7 1.1M8 11v.1',
}

export function Tick({ kind }: { kind: TickKind }) {
  if (kind === 'none') return null
  return (
    <svg
      className={classes.tick}
      data-tick={kind}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
    >
      <path
        d={shapes[kind]}
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
