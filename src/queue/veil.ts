/**
 * What the ids of some companies tell: WhatsApp's hold the patient's number in base64. In Redis they stand covered, and
 * jobs are known by a mark of them that is always the same.
 */
import type { Job } from '../flows/ports.ts'

export interface Veil {
  /** Another text each time. */
  cover(text: string): string
  /** Throws when it was covered under another key. What was never covered stays as it is. */
  uncover(text: string): string
  /** The same for the same text, in letters and digits; nothing leads back from it. */
  mark(text: string): string
}

/** For ids that tell nothing. */
export const noVeil: Veil = { cover: (text) => text, uncover: (text) => text, mark: (text) => text }

export function coverJob(job: Job, { cover }: Veil): Job {
  return withProviderId(job, cover)
}

export function uncoverJob(job: Job, { uncover }: Veil): Job {
  return withProviderId(job, uncover)
}

function withProviderId(job: Job, change: (id: string) => string): Job {
  switch (job.kind) {
    case 'record':
      return { ...job, event: { ...job.event, providerId: change(job.event.providerId) } }
    case 'hint':
      return { ...job, hint: { ...job.hint, providerId: change(job.hint.providerId) } }
    default:
      return job
  }
}
