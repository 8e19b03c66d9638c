/** What patients send by the Cloud API, type by type. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { meta } from '../../src/providers/meta/meta.ts'
import { credentials, metadata, sender, webhookOf } from './provider-meta-sample.ts'

const receivedAt = instant(Date.UTC(2026, 10, 20))
const envelope = { from: '971501234567', id: 'wamid.A=', timestamp: '1795150800' }
const contacts = [{ profile: { name: 'Sara' }, wa_id: '971501234567' }]
const inbound = {
  ...{ kind: 'inbound', providerId: 'wamid.A=', channel: 'whatsapp', from: '+971501234567', to: sender },
  at: instant(1_795_150_800_000),
}
const read = (message: object, more: object = { contacts }) =>
  meta.parse(
    webhookOf({ messaging_product: 'whatsapp', metadata, ...more, messages: [message] }),
    receivedAt,
    credentials,
  )
const events = (wanted: object) => ({ kind: 'events', events: [wanted] })

const sha = createHash('sha256').update('scan').digest()
const media = { id: '10001', sha256: sha.toString('base64'), url: 'https://media.example/1' }
const fileOf = (kind: string, contentType: string) => ({
  ...{ kind, location: '10001', contentType, sha256: sha.toString('hex') },
})
const unshown = '[unsupported message]'

describe('a patient’s message', () => {
  it.each<[string, object, object]>([
    ['a text', { type: 'text', text: { body: 'غدًا 👍\n2' } }, { text: 'غدًا 👍\n2' }],
    [
      'a button of a template',
      { type: 'button', button: { text: 'Confirm', payload: 'c:1' } },
      { text: 'Confirm' },
    ],
    [
      'a reply button',
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'c', title: 'Yes' } } },
      { text: 'Yes' },
    ],
    [
      'a line of a list',
      { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'r', title: 'Monday' } } },
      { text: 'Monday' },
    ],
    [
      'a form',
      {
        type: 'interactive',
        interactive: { type: 'nfm_reply', nfm_reply: { body: 'Sent', response_json: '{}' } },
      },
      { text: 'Sent' },
    ],
    [
      'a document',
      {
        type: 'document',
        document: { ...media, mime_type: 'application/pdf', filename: 'a.pdf', caption: 'my scan' },
      },
      { text: 'my scan', files: [{ ...fileOf('document', 'application/pdf'), name: 'a.pdf' }] },
    ],
    [
      'a picture',
      { type: 'image', image: { ...media, mime_type: 'image/jpeg' } },
      { text: '', files: [fileOf('image', 'image/jpeg')] },
    ],
    [
      'a sticker',
      { type: 'sticker', sticker: { ...media, mime_type: 'image/webp', animated: true } },
      { text: '', files: [fileOf('image', 'image/webp')] },
    ],
    [
      'a voice note',
      { type: 'audio', audio: { ...media, mime_type: 'audio/ogg; codecs=opus', voice: true } },
      { text: '', files: [fileOf('voice', 'audio/ogg')] },
    ],
    [
      'a film',
      { type: 'video', video: { ...media, mime_type: 'video/mp4', caption: 'look' } },
      { text: 'look', files: [fileOf('video', 'video/mp4')] },
    ],
    [
      'a file with an odd hash',
      { type: 'image', image: { id: '10001', mime_type: 'image/png', sha256: 'short' } },
      { text: '', files: [{ kind: 'image', location: '10001', contentType: 'image/png' }] },
    ],
    [
      'a place',
      {
        type: 'location',
        location: { latitude: 24.7, longitude: 46.7, name: 'Clinic', address: 'Street 1' },
      },
      { text: '[location] Clinic, Street 1, 24.7, 46.7' },
    ],
    [
      'a bare place',
      { type: 'location', location: { latitude: 0, longitude: -1 } },
      { text: '[location] 0, -1' },
    ],
    [
      'contact cards, names only',
      {
        type: 'contacts',
        contacts: [
          { name: { formatted_name: 'Omar' }, phones: [{ phone: '+971509876543' }] },
          { name: { formatted_name: 'Lina' } },
        ],
      },
      { text: '[contact card] Omar, Lina' },
    ],
    [
      'a contact card without a name',
      { type: 'contacts', contacts: [{ phones: [] }] },
      { text: '[contact card]' },
    ],
    [
      'a reaction',
      { type: 'reaction', reaction: { message_id: 'wamid.B=', emoji: '👍' } },
      { text: '👍', reaction: { toMessage: 'wamid.B=', emoji: '👍' } },
    ],
    [
      'a reaction that is taken back',
      { type: 'reaction', reaction: { message_id: 'wamid.B=' } },
      { text: '', reaction: { toMessage: 'wamid.B=', emoji: '' } },
    ],
    [
      'an answer that quotes ours',
      { type: 'text', text: { body: 'yes' }, context: { from: '15550100001', id: 'wamid.B=' } },
      { text: 'yes', inReplyTo: 'wamid.B=' },
    ],
    [
      'something forwarded',
      { type: 'text', text: { body: 'see' }, context: { forwarded: true }, referral: { source_id: '1' } },
      { text: 'see' },
    ],
    // someone wrote, and a clinician must know
    ['what the company cannot show', { type: 'unsupported', errors: [{ code: 131051 }] }, { text: unshown }],
    ['a kind of next year', { type: 'hologram', hologram: {} }, { text: unshown }],
    ['a kind of JavaScript', { type: 'toString' }, { text: unshown }],
    ['a text without words', { type: 'text' }, { text: unshown }],
    ['a file without an id', { type: 'image', image: { mime_type: 'image/png' } }, { text: unshown }],
  ])('%s', (_what, said, wanted) => {
    expect(read({ ...envelope, ...said })).toEqual(events({ ...inbound, ...wanted }))
  })

  it.each(['order', 'system', 'request_welcome'])('%s is nothing that a person wrote', (type) => {
    expect(read({ ...envelope, type, [type]: {} })).toEqual(
      events({ kind: 'ignored', because: expect.any(String) }),
    )
  })

  it.each([
    ['without an id', { ...envelope, id: '' }],
    ['without a type', envelope],
    ['from nobody', { ...envelope, type: 'text', text: { body: 'x' }, from: 'Ada' }, {}],
    ['to nobody', { ...envelope, type: 'text', text: { body: 'x' } }, { metadata: {} }],
  ])('%s is ignored, for a reason that repeats nothing', (_what, message, more = {}) => {
    const parsed = read(message, more)
    expect(parsed).toEqual(events({ kind: 'ignored', because: expect.stringMatching(/^a message /) }))
    expect(JSON.stringify(parsed)).not.toMatch(/Ada|9715/)
  })

  it('without a time is of now', () => {
    const parsed = read({ from: '971501234567', id: 'wamid.A=', type: 'text', text: { body: 'x' } })
    expect(parsed).toEqual(events({ ...inbound, text: 'x', at: receivedAt }))
  })
})

describe('who wrote', () => {
  const said = { id: 'wamid.A=', timestamp: '1795150800', type: 'text', text: { body: 'x' } }
  const userId = 'SA.10000000000000000001'

  it.each<[string, object, object, object]>([
    ['a number', { from: '966501234567' }, {}, { from: '+966501234567' }],
    ['an old number of Mexico', { from: '5215512345678' }, {}, { from: '+525512345678' }],
    ['a short number of Brazil', { from: '555181234567' }, {}, { from: '+5551981234567' }],
    [
      'a number and a user id',
      { from: '966501234567', from_user_id: userId },
      {},
      { from: '+966501234567', userId },
    ],
    [
      'a number whose user id stands beside',
      { from: '966501234567' },
      {
        contacts: [
          { wa_id: '971501234567', user_id: 'AE.2' },
          { wa_id: '966501234567', user_id: userId },
        ],
      },
      { from: '+966501234567', userId },
    ],
    [
      'a user id alone',
      { from_user_id: userId },
      { contacts: [{ user_id: userId }] },
      { from: userId, userId },
    ],
    ['a user id that stands beside', {}, { contacts: [{ user_id: userId }] }, { from: userId, userId }],
    [
      'a user id whose number stands beside',
      { from_user_id: userId },
      { contacts: [{ user_id: userId, wa_id: '966501234567' }] },
      { from: '+966501234567', userId },
    ],
    [
      'a number among strangers',
      { from: '966501234567' },
      { contacts: [{ wa_id: '971501234567', user_id: 'AE.2' }, { wa_id: '971509876543' }] },
      { from: '+966501234567' },
    ],
  ])('%s', (_what, who, more, wanted) => {
    expect(read({ ...said, ...who }, more)).toEqual(
      events({ ...inbound, from: undefined, text: 'x', ...wanted }),
    )
  })
})
