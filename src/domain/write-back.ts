/** What an EMR that keeps none of our records is still to be told for its own chart: each message once, as it was said. */

/** Where a message stands; without a mark the EMR knows nothing of it, and is not to. */
export type CopyMark =
  /** The EMR is to be told. */
  | 'waiting'
  /** It holds a copy. */
  | 'told'
  /** Its copy says what is not so (any more). */
  | 'to-correct'
  /** Its copy says that it came to nothing. */
  | 'corrected'
  /** It did not take one, and is not asked again. */
  | 'refused'

/** `said`: handed over, or received and known from whom. `failed`: it came to nothing, perhaps after that. */
export type CopyFact = 'said' | 'failed' | 'removed' | 'nothing'

/** The mark that goes with what is now known of the message. Asked again with the same fact it answers the same. */
export function markAfter(mark: CopyMark | undefined, fact: CopyFact): CopyMark | undefined {
  switch (fact) {
    case 'said':
      if (mark === 'corrected') return 'to-correct'
      return mark ?? 'waiting'
    case 'failed':
      if (mark === 'waiting') return undefined
      return mark === 'told' ? 'to-correct' : mark
    // What was removed is told to nobody any more; that a copy is wrong may still be said, because that says no word of it.
    case 'removed':
      return mark === 'waiting' ? undefined : mark
    case 'nothing':
      return mark
  }
}

/** What the EMR's status code means: a refusal would be one again, all else may pass. */
export function copyAnswerOf(status: number | undefined): 'refused' | 'later' {
  if (status === undefined || status < 400 || status >= 500) return 'later'
  // Not known, not allowed, not there, too slow, in somebody's way, too early, too fast: about us, the place or the moment.
  return [401, 403, 404, 405, 408, 409, 412, 425, 429].includes(status) ? 'later' : 'refused'
}
