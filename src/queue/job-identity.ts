/**
 * What makes two jobs the same job. Two adds of one identity, while the first still waits, are one run.
 * Identities hold references, sender ids and codes only; Redis forbids itself `:` in them (BullMQ's separator).
 */
import type { Job } from '../flows/ports.ts'
import { noVeil, type Veil } from './veil.ts'

/** Always starts with the kind, so it is never all digits. */
export function identify(job: Job, veil: Pick<Veil, 'mark'> = noVeil): string {
  return partsOf(job, veil).map(escapePart).join('~')
}

function partsOf(job: Job, { mark }: Pick<Veil, 'mark'>): string[] {
  switch (job.kind) {
    case 'plan':
      return ['plan', job.visit]
    // As of a send job.
    case 'dispatch':
      return job.lane === 'bulk' ? ['dispatch', job.request, 'bulk'] : ['dispatch', job.request]
    // The lane belongs to it: a nudge must not be swallowed by its own copy at the end of the bulk lane. The claim
    // sees to it that only one of the two sends.
    case 'send':
      return ['send', job.lane, job.sender, job.request]
    // A provider repeats and reorders its events, but never has two that differ for one message and state.
    case 'record':
      return ['record', job.sender, mark(job.event.providerId), job.event.state]
    case 'answer':
      return ['answer', job.message]
    case 'look-up':
      return ['look-up', job.attempt]
    case 'hint':
      return ['hint', job.sender, mark(job.hint.providerId)]
    case 'fetch':
      return ['fetch', job.message]
    case 'approvals':
      return ['approvals']
    case 'sweep':
      return ['sweep']
    case 'consent':
      return ['consent', job.consent]
  }
}

/** Percent-encodes what would end a part or a key, so that different jobs never share an identity. */
function escapePart(part: string): string {
  return part.replace(/[%:~{}\s]/g, (sign) => encodeURIComponent(sign).replace('~', '%7E'))
}
