import type { DocumentReference } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { toAttempt } from '../../src/fhir/attempt.ts'
import { fromBase64, toBase64 } from '../../src/fhir/base64.ts'
import { bytesOf, streamOf, toBinary } from '../../src/fhir/binary.ts'
import { fromCommunication } from '../../src/fhir/communication.ts'
import { fromDocumentReference } from '../../src/fhir/document-reference.ts'
import { toInbound } from '../../src/fhir/inbound.ts'
import { withRelativeReferences } from '../../src/fhir/reference.ts'
import { createValidator } from '../fhir-validator.ts'
import { attempt, inbound, sara } from '../people.ts'

const picture = { location: 'F1', contentType: 'image/jpeg', name: 'hand.jpg' }

describe('a message in the conversation', () => {
  it('shows where a patient’s file is only once it is in the store', () => {
    const files = [
      picture,
      { ...picture, location: 'Binary/1', size: 9 },
      { ...picture, location: undefined, lost: 'gone' } as const,
    ]
    expect(fromCommunication(toInbound(inbound({ files })))?.files).toEqual([
      { contentType: 'image/jpeg', name: 'hand.jpg' },
      { reference: 'Binary/1', contentType: 'image/jpeg', name: 'hand.jpg', size: 9 },
      { contentType: 'image/jpeg', name: 'hand.jpg', lost: 'gone' },
    ])
  })

  it('shows the document of the chart that was sent', () => {
    const file = { reference: 'DocumentReference/1', contentType: 'application/pdf', name: 'letter.pdf' }
    expect(fromCommunication(toAttempt(attempt({ file, text: undefined })))).toMatchObject({ files: [file] })
  })

  it('that is an emoji says so, and to what', () => {
    const given = inbound({ text: '👍', reaction: { emoji: '👍', toMessage: 'SB1' } })
    const theirs = fromCommunication(toInbound(given))
    expect(theirs).toMatchObject({ reaction: '👍', quotes: 'SB1', providerId: 'SB9' })
    expect(theirs?.text).toBeUndefined()
    const ours = attempt({ reaction: '🙏', text: undefined, answers: 'Communication/i1' })
    expect(fromCommunication(toAttempt(ours))).toMatchObject({ reaction: '🙏', answers: 'Communication/i1' })
  })
})

describe('a document of the chart', () => {
  const resource: DocumentReference = {
    resourceType: 'DocumentReference',
    id: '1',
    status: 'current',
    subject: { reference: sara },
    content: [{ attachment: { contentType: 'application/pdf', url: 'Binary/1' } }],
  }

  it('is called by its title, else its description, else its type', () => {
    const [content] = resource.content
    const titled = { ...resource, content: [{ attachment: { ...content?.attachment, title: 'Letter' } }] }
    const typed = { ...resource, type: { coding: [{ display: 'Referral note' }] } }
    const named = [
      { ...titled, ...typed, content: titled.content },
      { ...typed, description: 'To Dr B' },
      typed,
      resource,
    ]
    expect(named.map((one) => fromDocumentReference(one).title)).toEqual([
      'Letter',
      'To Dr B',
      'Referral note',
      undefined,
    ])
  })

  it.each([
    ['Binary/1', 'binary'],
    ['Binary/1/_history/2', 'binary'],
    ['https://other.example/fhir/Binary/1', 'elsewhere'],
    ['Patient/1', 'elsewhere'],
    ['Binary/..', 'elsewhere'],
    [undefined, 'elsewhere'],
  ])('whose attachment is at %s is %s', (url, kind) => {
    const content = [{ attachment: { url } }]
    expect(fromDocumentReference({ ...resource, content }).content.kind).toBe(kind)
  })

  it('of an EMR that writes its own address in full is found under it, and under no other', () => {
    const own = { attachment: { url: 'https://emr.example/fhir/Binary/1' } }
    const other = { attachment: { url: 'https://emr.example.evil/fhir/Binary/1' } }
    const held = withRelativeReferences(
      { own, other, link: [{ url: 'https://emr.example/fhir/Patient?page=2' }] },
      'https://emr.example/fhir/',
    )
    expect(held).toEqual({
      own: { attachment: { url: 'Binary/1' } },
      other,
      link: [{ url: 'https://emr.example/fhir/Patient?page=2' }],
    })
  })
})

describe('bytes', () => {
  it('come through base64 as they were, however many', () => {
    const bytes = Uint8Array.from({ length: 100_001 }, (_, index) => index % 256)
    expect(fromBase64(toBase64(bytes))).toEqual(bytes)
    expect(fromBase64(`${toBase64(bytes.slice(0, 6))}\n`)).toEqual(bytes.slice(0, 6))
    expect(fromBase64('no base64!')).toBeUndefined()
  })

  it('are valid in a Binary', () => {
    const validate = createValidator()
    const binary = toBinary('image/png', new Uint8Array([1, 2]), 'Communication/1')
    expect(validate(binary)).toEqual([])
  })

  it('are read no further than they may be', async () => {
    const bytes = new Uint8Array(10)
    expect(await bytesOf(streamOf(bytes), 10)).toEqual(bytes)
    await expect(bytesOf(streamOf(bytes), 9)).rejects.toThrow('more than 9 bytes')
  })
})
