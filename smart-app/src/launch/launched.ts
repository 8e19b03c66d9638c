/** What a launch gives the screens: who the patient is, who we are, and the ways out. Made once, in the app's root. */
import { createContext, useContext } from 'react'
import type { Reference } from '../../../src/domain/message-request.ts'
import type { Instant } from '../../../src/domain/time.ts'
import type { ChartReader, ClinicFacts } from '../chart/chart-reader.ts'
import type { Drafts } from '../conversation/drafts.ts'
import type { Backend } from './backend.ts'
import type { ChartPart, Grant } from './granted-scopes.ts'
import type { LaunchContext as Context } from './launch-context.ts'

export type Clock = () => Instant

export interface Launched {
  patient: Reference
  /** The clinician; absent where the host does not tell. */
  user?: Reference
  /** The EMR may show the patient's name itself, around us. */
  showBanner: boolean
  mayWrite: boolean
  /** How much of the chart the host lets us see. */
  shown: Record<ChartPart, Grant>
  /** What the host opened us for. */
  context: Context
  /** Whether the host lets us see the chart's documents and open files. */
  mayAttach: boolean
  clinic: ClinicFacts
  reader: ChartReader
  backend: Backend
  drafts: Drafts
  now: Clock
  random(bytes: number): Uint8Array
  /** IANA name of the reader's own zone. */
  zone: string
}

export const LaunchedContext = createContext<Launched | undefined>(undefined)

export function useLaunched(): Launched {
  const launched = useContext(LaunchedContext)
  if (!launched) throw new Error('This component stands outside of a launch')
  return launched
}
