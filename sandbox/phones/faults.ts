/**
 * Misbehaviour that a test can order: one kind at a time, for so many requests or until it is cleared.
 *
 * - `timeout-after-accept`: the message is taken and carried, the answer never comes
 * - `cut`: the connection is cut before anything is taken
 * - `500`: an HTML error page, nothing taken
 * - `early`: the first two callbacks come before the answer to the send
 * - `unsigned`, `wrong-signature`: callbacks and inbound messages carry no signature, or one made with another secret
 */
export const faultKinds = [
  'timeout-after-accept',
  'cut',
  '500',
  'early',
  'unsigned',
  'wrong-signature',
] as const

export type FaultKind = (typeof faultKinds)[number]

export interface Faults {
  order(kind: FaultKind, times?: number): void
  clear(): void
  /** The fault for this request, if it is one of these; counts it as used. */
  take<K extends FaultKind>(...kinds: K[]): K | undefined
}

export function createFaults(): Faults {
  let current: { kind: FaultKind; left: number } | undefined
  return {
    order: (kind, times = Number.POSITIVE_INFINITY) => {
      current = { kind, left: times }
    },
    clear: () => {
      current = undefined
    },
    take: (...kinds) => {
      const kind = kinds.find((candidate) => candidate === current?.kind)
      if (!kind || !current) return undefined
      current = current.left > 1 ? { ...current, left: current.left - 1 } : undefined
      return kind
    },
  }
}
