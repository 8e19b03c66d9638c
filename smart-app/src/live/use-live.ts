/** Keeps the chart's queries true to the live feed; without it they are read again twice a minute. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { type Duration, second } from '../../../src/domain/time.ts'
import { typeOf } from '../../../src/fhir/reference.ts'
import { applyChange } from '../chart/chart-queries.ts'
import { useLaunched } from '../launch/launched.ts'
import { type LiveState, runLiveFeed } from './live-feed.ts'

/** `offline`: the browser itself has no network. */
export type LinkState = LiveState | 'offline'

const withoutLive = 30 * second

export function useLive(): LinkState {
  const { backend, reader, random } = useLaunched()
  const queries = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  const online = useOnline()
  useEffect(() => {
    if (!online) return
    const stop = new AbortController()
    // One after the other: an older answer must not overtake a newer one.
    let tail: Promise<unknown> = Promise.resolve()
    runLiveFeed(
      {
        open: backend.openLive,
        wait: pause,
        random: () => (random(1)[0] ?? 0) / 256,
        onState: setState,
        onResume: () => queries.invalidateQueries(),
        onChange: (reference) => {
          const again = () => queries.invalidateQueries({ queryKey: [typeOf(reference)] })
          tail = tail.then(() => applyChange(queries, reader, reference)).catch(again)
        },
      },
      stop.signal,
    )
    return () => stop.abort()
  }, [backend, reader, random, queries, online])
  useEffect(() => {
    if (state === 'live' || !online) return
    const timer = setInterval(() => queries.invalidateQueries(), withoutLive)
    return () => clearInterval(timer)
  }, [state, online, queries])
  return online ? state : 'offline'
}

function useOnline(): boolean {
  return useSyncExternalStore(
    (changed) => {
      addEventListener('online', changed)
      addEventListener('offline', changed)
      return () => {
        removeEventListener('online', changed)
        removeEventListener('offline', changed)
      }
    },
    () => navigator.onLine,
  )
}

function pause(howLong: Duration, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, howLong)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    signal.addEventListener('abort', end, { once: true })
  })
}
