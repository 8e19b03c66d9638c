/** The part of the provider contract about what is more than text: what it says it carries arrives, all else is refused before the call. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Channel } from '../../src/domain/channel.ts'
import { type FileKind, fileKinds, type OutgoingFile } from '../../src/domain/outgoing.ts'
import { channelsOf, type Provider, type TemplateSubmission } from '../../src/providers/provider.ts'
import type { Conversation } from './provider-conversation.ts'

const samples: Record<FileKind, { contentType: string; name: string; bytes: Buffer }> = {
  document: {
    contentType: 'application/pdf',
    name: 'تقرير report.pdf',
    bytes: Buffer.from('%PDF-1.4 sample'),
  },
  image: { contentType: 'image/png', name: 'picture.png', bytes: Buffer.from('\u0089PNG sample', 'latin1') },
  voice: { contentType: 'audio/ogg', name: 'voice.ogg', bytes: Buffer.from('OggS sample') },
  video: { contentType: 'video/mp4', name: 'video.mp4', bytes: Buffer.from('....ftypmp42 sample') },
}

export function describeContents<C>(provider: Provider<C>, talk: Conversation<C>) {
  let shelf: Server
  let base = ''
  beforeAll(async () => {
    shelf = createServer((request, response) => {
      const kind = fileKinds.find((one) => request.url === `/${one}`)
      if (!kind) return void response.writeHead(404).end()
      const { contentType, bytes } = samples[kind]
      response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length }).end(bytes)
    })
    shelf.listen(0, '127.0.0.1')
    await once(shelf, 'listening')
    base = `http://127.0.0.1:${(shelf.address() as AddressInfo).port}`
  })
  afterAll(() => {
    shelf.closeAllConnections()
    shelf.close()
  })
  const fileOf = (kind: FileKind): OutgoingFile => {
    const { contentType, name, bytes } = samples[kind]
    return { kind, contentType, name, size: bytes.length, url: `${base}/${kind}`, read: async () => bytes }
  }
  const refused = async (outgoing: ReturnType<typeof talk.message>) => {
    const outcome = await talk.send(outgoing)
    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'content-not-carried' })
    expect(await talk.company().taken(outgoing)).toEqual([])
  }

  describe.each(channelsOf(provider))('by %s, more than text', (channel) => {
    const carries = provider.carries[channel]
    describeFiles(channel)
    it(carries?.reactions ? 'a reaction arrives' : 'a reaction is refused before the call', async () => {
      const toMessage = carries?.reactions ? await written(channel) : 'any'
      const outgoing = talk.message({ channel, content: { kind: 'reaction', emoji: '👍', toMessage } })
      if (!carries?.reactions) return refused(outgoing)
      const outcome = await talk.send(outgoing)
      expect(outcome).toMatchObject({ kind: 'accepted' })
      expect(await talk.company().taken(outgoing)).toMatchObject([{ reaction: { emoji: '👍', toMessage } }])
    })

    if (carries?.quotes)
      it('an answer quotes the message that it answers', async () => {
        const replyTo = await written(channel)
        const outgoing = talk.message({ channel, replyTo })
        expect(await talk.send(outgoing)).toMatchObject({ kind: 'accepted' })
        expect(await talk.company().taken(outgoing)).toMatchObject([{ replyTo }])
      })

    if (carries?.templates === 'none')
      it('a template of a company’s is refused before the call', () => {
        const template = { id: 'T1', name: 'visit_reminder', language: 'en', values: ['Sara'] }
        return refused(talk.message({ channel, content: { kind: 'template', template } }))
      })
    else describeTemplates(channel)
  })

  function describeFiles(channel: Channel) {
    for (const kind of fileKinds) {
      const { files = [], captions = files } = provider.carries[channel] ?? {}
      const arrives = async (caption?: string) => {
        const { contentType, name, bytes } = samples[kind]
        const outgoing = talk.message({ channel, content: { kind: 'file', file: fileOf(kind), caption } })
        expect(await talk.send(outgoing)).toMatchObject({ kind: 'accepted' })
        const [taken, ...more] = await talk.company().taken(outgoing)
        expect(more).toEqual([])
        expect(taken).toMatchObject({ file: { contentType, size: bytes.length } })
        if (kind === 'document' && taken?.file?.name !== undefined) expect(taken.file.name).toBe(name)
        if (caption) expect(taken).toMatchObject({ text: caption })
      }
      const isRefused = async (caption?: string) =>
        refused(talk.message({ channel, content: { kind: 'file', file: fileOf(kind), caption } }))
      const isCarried = files.includes(kind)
      it(`a ${kind} ${isCarried ? 'arrives' : 'is refused before the call'}`, () =>
        isCarried ? arrives() : isRefused())
      const hasWords = isCarried && captions.includes(kind)
      it(`a ${kind} with words ${hasWords ? 'arrives with them' : 'is refused: they never vanish'}`, () =>
        hasWords ? arrives(`Your ${kind}, as agreed.`) : isRefused(`Your ${kind}, as agreed.`))
    }
  }

  function describeTemplates(channel: Channel) {
    it('a template is submitted, approved, listed and sent with its values', async () => {
      const { credentials } = talk.company()
      const desk = provider.templates
      const name = `visit_reminder_${channel}`
      await submit({
        ...{ name, language: 'ar', category: 'UTILITY', samples: ['سارة', '10:30'] },
        body: 'مرحبا {{1}}، موعدكم الساعة {{2}}.',
      })
      await talk.company().judge?.(name, 'approve')
      const listed = await desk?.list(credentials)
      const mine = listed?.kind === 'templates' && listed.templates.find((one) => one.name === name)
      expect(mine).toMatchObject({ name, language: 'ar', status: 'approved' })
      if (!mine) return
      const values = ['سارة 😀', '٠٩:٣٠']
      const template = { id: mine.id, name, language: mine.language, values }
      const outgoing = talk.message({ channel, content: { kind: 'template', template } })
      expect(await talk.send(outgoing)).toMatchObject({ kind: 'accepted' })
      expect(await talk.company().taken(outgoing)).toMatchObject([{ template: { values, language: 'ar' } }])
    })

    it('a rejected template says why, and cannot be sent', async () => {
      const { credentials } = talk.company()
      const name = `visit_promotion_${channel}`
      const wording = { name, language: 'en', body: 'Buy {{1}} now.', samples: ['two'] }
      await submit({ ...wording, category: 'UTILITY' })
      await talk.company().judge?.(name, 'reject')
      const listed = await provider.templates?.list(credentials)
      const mine = listed?.kind === 'templates' && listed.templates.find((one) => one.name === name)
      expect(mine).toMatchObject({ status: 'rejected', because: expect.stringMatching(/\w/) })
      if (!mine) return
      const template = { id: mine.id, name, language: 'en', values: ['two'] }
      const outgoing = talk.message({ channel, content: { kind: 'template', template } })
      const reason = talk.lacks('tells a refused template apart') ? 'rejected' : 'template-refused'
      expect(await talk.send(outgoing)).toMatchObject({ kind: 'rejected', reason })
    })
  }

  /** By program where the company takes it so, else as an admin does it. */
  async function submit(template: TemplateSubmission): Promise<void> {
    const { credentials, submit: inConsole } = talk.company()
    const answered = await provider.templates?.submit(template, credentials)
    if (!talk.lacks('submits templates'))
      return expect(answered).toMatchObject({ kind: 'submitted', status: 'pending' })
    expect(answered).toMatchObject({ kind: 'refused', code: expect.stringMatching(/^[\w.-]+$/) })
    await inConsole?.(template)
  }

  /** The company's id of something that the patient has just written. */
  async function written(channel: Channel): Promise<string> {
    const text = `A question of its own, ${talk.company().webhooks().length}`
    const from = talk.message({ channel }).to
    await talk.company().write(channel, from, { text })
    return vi.waitFor(async () => {
      const mine = (await talk.heard()).find((event) => event.kind === 'inbound' && event.text === text)
      if (mine?.kind !== 'inbound') throw new Error('nothing is heard of it yet')
      return mine.providerId
    })
  }
}
