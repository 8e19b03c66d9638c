/**
 * The draft and what is on its way into the host. A message leaves the box when the host has it; until then its text
 * is kept, and trying again sends the same request, not a second one.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Channel } from '../../../src/domain/channel.ts'
import type { MessageRequest, Reference, RequestContent } from '../../../src/domain/message-request.ts'
import { place } from '../chart/chart-queries.ts'
import { useLaunched } from '../launch/launched.ts'
import type { Draft } from './drafts.ts'
import { composeRequest, contentOf, type Outgoing, type Written } from './outgoing.ts'

/** What the composer says after Send; the words are `composer.*`. */
export type SendNote = 'late' | 'unsaved' | 'offline'

export interface Outbox {
  written: Written
  /** A part that is `undefined` is taken out. */
  write(change: Partial<Written>): void
  outbox: Outgoing[]
  note?: SendNote
  send(plan: Channel[]): void
  /** An emoji on a patient's message, at once; the draft stays. */
  react(on: Reference, emoji: string, channel: Channel): void
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
  const { outbox, ...written } = draft
  // The thread is not drawn again for every letter typed below it: what it is handed changes with the outbox only.
  const again = useCorrections(outbox, setDraft, deliver)
  const compose = useCallback(
    (content: RequestContent, plan: Channel[], answers: Reference | undefined) =>
      composeRequest({ content, plan, answers, patient, requester: user, now: now(), random: random(10) }),
    [now, patient, random, user],
  )
  const react = useCallback(
    (on: Reference, emoji: string, channel: Channel) => {
      const request = compose({ kind: 'reaction', emoji }, [channel], on)
      setDraft((before) => ({ ...before, outbox: [...before.outbox, { request, state: 'saving' }] }))
      deliver(request)
    },
    [compose, deliver],
  )
  return {
    ...{ written, outbox, note, react, ...again },
    write: useCallback(
      (change) => {
        setNote(undefined)
        setDraft((before) => ({ ...before, ...change }))
      },
      [setNote],
    ),
    send(plan) {
      // Two clicks before the screen is drawn again are one wish.
      if (sent.current === draft) return
      sent.current = draft
      const request = compose(contentOf(written), plan, written.replyTo)
      setDraft((before) => ({ text: '', outbox: [...before.outbox, { request, state: 'saving' }] }))
      deliver(request)
    },
  }
}

/** What can be done with a message that the host did not take. */
function useCorrections(outbox: Outgoing[], setDraft: SetDraft, deliver: (request: MessageRequest) => void) {
  const retry = useCallback(
    (key: string) => {
      const request = requestIn(outbox, key)
      if (request) deliver(request)
    },
    [outbox, deliver],
  )
  const edit = useCallback(
    (key: string) => {
      const request = requestIn(outbox, key)
      setDraft((before) => ({
        ...(request ? takenBack(before, request) : before),
        outbox: before.outbox.filter((one) => one.request.key !== key),
      }))
    },
    [outbox, setDraft],
  )
  return { retry, edit }
}

/** Under what is being written; a file that was chosen meanwhile stays the chosen one. */
function takenBack({ text, file, replyTo }: Written, { content, answers }: MessageRequest): Written {
  if (content.kind === 'reaction' || content.kind === 'template') return { text, file, replyTo }
  const attached =
    content.kind === 'file' ? { reference: content.file, name: '', contentType: '' } : undefined
  return {
    text: [text, content.text].filter(Boolean).join('\n'),
    file: file ?? attached,
    replyTo: replyTo ?? answers,
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
