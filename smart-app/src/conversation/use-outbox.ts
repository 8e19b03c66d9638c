/**
 * The draft and what is on its way into the host. A message leaves the box when the host has it; until then its text
 * is kept, and trying again sends the same request, not a second one.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Channel } from '../../../src/domain/channel.ts'
import type { MessageRequest } from '../../../src/domain/message-request.ts'
import { place } from '../chart/chart-queries.ts'
import { useLaunched } from '../launch/launched.ts'
import type { Draft } from './drafts.ts'
import { composeRequest, type Outgoing } from './outgoing.ts'

/** What the composer says after Send; the words are `composer.*`. */
export type SendNote = 'late' | 'unsaved' | 'offline'

export interface Outbox {
  text: string
  write(text: string): void
  outbox: Outgoing[]
  note?: SendNote
  send(plan: Channel[]): void
  retry(key: string): void
  /** Takes it out of the box and back into the composer, as a new message. */
  edit(key: string): void
}

export function useOutbox(requests: MessageRequest[]): Outbox {
  const { drafts, now, patient, random, user } = useLaunched()
  const [draft, setDraft] = useState<Draft>(() => drafts.read())
  const { note, setNote, deliver } = useDelivery(setDraft)
  const sent = useRef<Draft>(undefined)
  useEffect(() => drafts.save(draft), [drafts, draft])
  useEffect(() => setDraft((before) => without(before, requests)), [requests])
  const { outbox } = draft
  // The thread is not drawn again for every letter typed below it: what it is handed changes with the outbox only.
  const retry = useCallback(
    (key: string) => {
      const request = requestIn(outbox, key)
      if (request) deliver(request)
    },
    [outbox, deliver],
  )
  const edit = useCallback(
    (key: string) => {
      const content = requestIn(outbox, key)?.content
      const text = content?.kind === 'text' ? content.text : ''
      setDraft((before) => ({
        text: [before.text, text].filter(Boolean).join('\n'),
        outbox: before.outbox.filter((one) => one.request.key !== key),
      }))
    },
    [outbox],
  )
  return {
    ...{ text: draft.text, outbox, note, retry, edit },
    write(text) {
      setNote(undefined)
      setDraft((before) => ({ ...before, text }))
    },
    send(plan) {
      // Two clicks before the screen is drawn again are one wish.
      if (sent.current === draft) return
      sent.current = draft
      const text = draft.text.trim()
      const request = composeRequest({
        ...{ text, plan, patient, requester: user, now: now(), random: random(10) },
      })
      setDraft((before) => ({ text: '', outbox: [...before.outbox, { request, state: 'saving' }] }))
      deliver(request)
    },
  }
}

function requestIn(outbox: Outgoing[], key: string): MessageRequest | undefined {
  return outbox.find((one) => one.request.key === key)?.request
}

type SetDraft = (change: (before: Draft) => Draft) => void

function useDelivery(setDraft: SetDraft) {
  const { backend, reader } = useLaunched()
  const queries = useQueryClient()
  const [note, setNote] = useState<SendNote>()
  const deliver = useCallback(
    async (request: MessageRequest) => {
      setNote(undefined)
      setDraft((before) => marked(before, request, 'saving'))
      const saved = await reader.saveRequest(request).catch(() => undefined)
      if (!saved?.reference) {
        setDraft((before) => marked(before, request, 'unsaved'))
        setNote(navigator.onLine ? 'unsaved' : 'offline')
        // It may be there all the same: the answer was lost, not the message.
        return queries.invalidateQueries({ queryKey: ['CommunicationRequest'] })
      }
      place(queries, 'CommunicationRequest', saved.reference, saved)
      setDraft((before) => without(before, [saved]))
      if (!(await backend.nudge(saved.reference))) setNote('late')
    },
    [backend, reader, queries, setDraft],
  )
  return { note, setNote, deliver }
}

function marked(draft: Draft, request: MessageRequest, state: Outgoing['state']): Draft {
  const mark = (one: Outgoing): Outgoing => (one.request.key === request.key ? { ...one, state } : one)
  return { ...draft, outbox: draft.outbox.map(mark) }
}

/** The very same draft when nothing of it is in the host yet. */
function without(draft: Draft, saved: MessageRequest[]): Draft {
  const keys = new Set(saved.map((one) => one.key))
  const outbox = draft.outbox.filter((one) => !keys.has(one.request.key))
  return outbox.length === draft.outbox.length ? draft : { ...draft, outbox }
}
