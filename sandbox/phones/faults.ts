/**
 * Misbehaviour that a test can order, for so many requests or until it is cleared, of one company or of all.
 *
 * A send:
 * - `delay`: the answer comes late by so many milliseconds, else all is well
 * - `429`, `429-retry-after`: too fast, and how long to wait is not said, or said
 * - `500`: the company fails in its own words, or in a page; nothing taken, but it does not say so
 * - `503`: the company says that it has not taken it and that one may try again
 * - `opt-out`: refused as if the recipient had asked for no more messages
 * - `cut`: the connection is cut before anything is taken
 * - `timeout-after-accept`: the message is taken and carried, the answer never comes
 * - `early`: the first two callbacks come before the answer to the send
 *
 * What the clinic is told:
 * - `duplicated`: twice (statuses and what patients write)
 * - `missing`: never (statuses)
 * - `reordered`: a message's delivery comes before that it was queued and sent; counted by message
 * - `unsigned`, `wrong-signature`: without a signature, or with one made with another secret
 */
/** The company answers, but with a refusal. */
export const refusingFaults = ['429', '429-retry-after', '500', '503', 'opt-out'] as const

/** The connection fails, or the answer comes at another time. */
export const connectionFaults = ['delay', 'cut', 'timeout-after-accept', 'early'] as const

export const faultKinds = [
  ...refusingFaults,
  ...connectionFaults,
  ...(['duplicated', 'missing', 'reordered', 'unsigned', 'wrong-signature'] as const),
] as const

export type FaultKind = (typeof faultKinds)[number]

export interface FaultOrder<K extends FaultKind = FaultKind> {
  kind: K
  /** How many times; without it until it is cleared. */
  for?: number
  /** The company; without it every one. */
  wire?: string
  /** Of a `delay`, in milliseconds. */
  ms?: number
}

export interface Faults {
  /** Takes the place of an order of the same kind for the same company. */
  order(order: FaultOrder): void
  clear(): void
  /** The fault for this request to this company, the latest ordered if it is one of these; counts it as used. */
  take<K extends FaultKind>(wire: string, ...kinds: K[]): FaultOrder<K> | undefined
}

export function createFaults(): Faults {
  let orders: (FaultOrder & { left: number })[] = []
  const isSame = (a: FaultOrder, b: FaultOrder) => a.kind === b.kind && a.wire === b.wire
  return {
    order: (order) => {
      const left = order.for ?? Number.POSITIVE_INFINITY
      orders = [{ ...order, left }, ...orders.filter((other) => !isSame(order, other))]
    },
    clear: () => {
      orders = []
    },
    take: <K extends FaultKind>(wire: string, ...kinds: K[]) => {
      const found = orders.find(
        (order): order is FaultOrder<K> & { left: number } =>
          kinds.some((kind) => kind === order.kind) && (order.wire ?? wire) === wire,
      )
      if (!found) return undefined
      found.left -= 1
      orders = orders.filter(({ left }) => left > 0)
      return found
    },
  }
}
