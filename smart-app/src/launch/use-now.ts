/** The present, often enough for "in 5 minutes" to be true. */
import { useEffect, useState } from 'react'
import { type Instant, second } from '../../../src/domain/time.ts'
import { useLaunched } from './launched.ts'

const every = 30 * second

export function useNow(): Instant {
  const { now } = useLaunched()
  const [present, setPresent] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setPresent(now()), every)
    return () => clearInterval(timer)
  }, [now])
  return present
}
