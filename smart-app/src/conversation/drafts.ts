/**
 * What was typed and not yet taken by the host, per patient and clinician, in this tab only: a draft never shows
 * with another patient, and is gone with the tab.
 */
import type { Reference } from '../../../src/domain/message-request.ts'
import type { Outgoing, Written } from './outgoing.ts'

export interface Draft extends Written {
  outbox: Outgoing[]
}

export interface DraftOwner {
  host: string
  patient: Reference
  user?: Reference
}

export interface Drafts {
  read(): Draft
  save(draft: Draft): void
}

const nothing: Draft = { text: '', outbox: [] }

export function createDrafts(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  owner: DraftOwner,
): Drafts {
  const key = `qasid.draft ${JSON.stringify([owner.host, owner.patient, owner.user ?? ''])}`
  return {
    read: () => parseDraft(storage.getItem(key), owner.patient),
    save: (draft) =>
      draft.text === '' && draft.outbox.length === 0 && !draft.file && !draft.replyTo
        ? storage.removeItem(key)
        : storage.setItem(key, JSON.stringify(draft)),
  }
}

/** Whatever was being saved when the page went away is unsaved: nobody saw the host's answer. */
function parseDraft(stored: string | null, patient: Reference): Draft {
  if (!stored) return nothing
  try {
    const { text, outbox, file, replyTo } = JSON.parse(stored) as Draft
    const own = outbox.filter((one) => one.request.patient === patient)
    return { text: String(text), file, replyTo, outbox: own.map((one) => ({ ...one, state: 'unsaved' })) }
  } catch {
    return nothing
  }
}
