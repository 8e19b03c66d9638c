import { describe, expect, it } from 'vitest'
import { createDrafts } from '../../smart-app/src/conversation/drafts.ts'
import {
  composeRequest,
  contentOf,
  isSendable,
  mostCharacters,
  mostUnderFile,
} from '../../smart-app/src/conversation/outgoing.ts'
import { ulid } from '../../smart-app/src/conversation/ulid.ts'
import { day, instant } from '../../src/domain/time.ts'
import { aRequest, now, patient } from './chart-sample.ts'

const file = { reference: 'DocumentReference/1', name: 'Letter', contentType: 'application/pdf' }

describe('a composed message', () => {
  const content = { kind: 'text', text: 'Hello' } as const
  const request = composeRequest({ content, plan: ['sms'], patient, now, random: new Uint8Array(10) })

  it('is due at once and useful for a day', () => {
    expect(request).toMatchObject({
      dueAt: now,
      window: { from: now, until: now + day },
      category: 'conversation',
    })
  })

  it('has a key that a search for its identifier can carry', () => {
    expect(request.key).toMatch(/^manual_[0-9A-HJKMNP-TV-Z]{26}$/)
  })

  it.each([
    ['', false],
    ['  \n ', false],
    ['x'.repeat(mostCharacters), true],
    ['x'.repeat(mostCharacters + 1), false],
  ])('may be sent only with something to say, and not too much', (text, sendable) => {
    expect(isSendable({ text })).toBe(sendable)
  })

  it('with a file needs no words, and takes fewer', () => {
    expect(isSendable({ text: '', file })).toBe(true)
    expect(isSendable({ text: 'x'.repeat(mostUnderFile + 1), file })).toBe(false)
    expect(contentOf({ text: ' ', file })).toEqual({ kind: 'file', file: file.reference })
    expect(contentOf({ text: 'As you asked', file })).toEqual({
      ...{ kind: 'file', file: file.reference, text: 'As you asked' },
    })
  })
})

describe('a ULID', () => {
  it('is that of the specification', () => {
    expect(ulid(instant(1_469_918_176_385), new Uint8Array(10).fill(255))).toBe('01ARYZ6S41ZZZZZZZZZZZZZZZZ')
  })

  it('sorts by time', () => {
    const random = new Uint8Array(10).fill(255)
    expect(ulid(instant(now + 1), new Uint8Array(10)) > ulid(now, random)).toBe(true)
  })
})

function memory() {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}

describe('drafts', () => {
  const owner = { host: 'https://emr.example/fhir', patient, user: 'Practitioner/1' }
  const draft = {
    text: 'Half a sen',
    outbox: [{ request: aRequest({ reference: undefined }), state: 'saving' as const }],
  }

  it('come back with their patient, what was on its way as unsaved', () => {
    const storage = memory()
    createDrafts(storage, owner).save(draft)
    const found = createDrafts(storage, owner).read()
    expect(found.text).toBe('Half a sen')
    expect(found.outbox.map((one) => one.state)).toEqual(['unsaved'])
  })

  it('come back with the document that was chosen and the message that is answered', () => {
    const storage = memory()
    const chosen = { text: '', outbox: [], file, replyTo: 'Communication/1' }
    createDrafts(storage, owner).save(chosen)
    expect(createDrafts(storage, owner).read()).toEqual(chosen)
  })

  it.each([
    { ...owner, patient: 'Patient/other' },
    { ...owner, user: 'Practitioner/2' },
    { ...owner, host: 'https://other.example/fhir' },
  ])('never show elsewhere: %o', (other) => {
    const storage = memory()
    createDrafts(storage, owner).save(draft)
    expect(createDrafts(storage, other).read()).toEqual({ text: '', outbox: [] })
  })

  it('leave nothing behind once everything is sent', () => {
    const storage = memory()
    createDrafts(storage, owner).save(draft)
    createDrafts(storage, owner).save({ text: '', outbox: [] })
    expect(storage.items.size).toBe(0)
  })

  it('survive a store that holds something else', () => {
    const storage = memory()
    createDrafts(storage, owner).save(draft)
    for (const key of storage.items.keys()) storage.items.set(key, '{"text":1')
    expect(createDrafts(storage, owner).read()).toEqual({ text: '', outbox: [] })
  })
})
