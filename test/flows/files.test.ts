import { createHash } from 'node:crypto'
import type { DocumentReference } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { InboundFile } from '../../src/domain/outcome.ts'
import type { FetchedFile } from '../../src/domain/question.ts'
import { day, hour, minute } from '../../src/domain/time.ts'
import { toBinary } from '../../src/fhir/binary.ts'
import { fromInbound } from '../../src/fhir/inbound.ts'
import { fetchFiles, findUnfetched } from '../../src/flows/fetch-files.ts'
import { openFile } from '../../src/flows/open-file.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { patient, write } from './chart.ts'

const bytes = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0))
const jpeg = bytes('\u00ff\u00d8\u00ff a hand')
const picture: InboundFile = { kind: 'image', location: 'F1', contentType: 'image/jpeg', name: 'hand.jpg' }

/** A clinic whose company hands out this, in order; then nothing more. */
async function clinic(...answers: FetchedFile[]): Promise<FakeWorld & { asked: InboundFile[] }> {
  const world = await createWorld({}, { retries: true })
  world.emr.put(patient())
  const asked: InboundFile[] = []
  for (const sender of world.world.senders)
    sender.fetchFile = async (file) => {
      asked.push(file)
      return answers.shift() ?? { kind: 'refused', because: 'gone' }
    }
  return { ...world, asked }
}

const taken = (contentType = 'image/jpeg', what = jpeg): FetchedFile => ({
  ...{ kind: 'file', contentType, bytes: what },
})

function messages({ emr }: FakeWorld) {
  return emr.all('Communication').flatMap((resource) => fromInbound(resource) ?? [])
}

function filesOf(world: FakeWorld) {
  return messages(world).flatMap(({ files }) => files ?? [])
}

describe('a file that a patient sends', () => {
  it('is in the store with its message, once, and its message says what it is', async () => {
    const world = await clinic(taken(), taken())
    const sha256 = createHash('sha256').update(jpeg).digest('hex')
    await write(world, 'Is this normal?', { files: [{ ...picture, sha256 }] })
    const [binary, another] = world.emr.all('Binary')
    const [message] = messages(world)
    expect(another).toBeUndefined()
    expect(binary).toMatchObject({
      ...{ contentType: 'image/jpeg', data: Buffer.from(jpeg).toString('base64') },
      securityContext: { reference: message?.reference },
    })
    expect(message).toMatchObject({ text: 'Is this normal?', handled: true, patient: 'Patient/sara' })
    expect(filesOf(world)).toEqual([
      {
        ...{
          location: `Binary/${binary?.id}`,
          contentType: 'image/jpeg',
          name: 'hand.jpg',
          size: jpeg.length,
        },
        sha1: createHash('sha1').update(jpeg).digest('hex'),
      },
    ])
    expect(world.live.published.at(-1)?.reference).toBe(message?.reference)
    await fetchFiles(world.world, message?.reference ?? '')
    expect(world.emr.all('Binary')).toHaveLength(1)
  })

  it('is announced to the company as it announced it', async () => {
    const world = await clinic(taken())
    await write(world, '', { files: [{ ...picture, sha256: 'cd'.repeat(32) }] })
    expect(world.asked).toEqual([{ ...picture, sha256: 'cd'.repeat(32) }])
  })

  it.each<[string, FetchedFile, Partial<InboundFile>, string]>([
    ['the company has lost', { kind: 'refused', because: 'gone' }, {}, 'gone'],
    ['is too large', { kind: 'refused', because: 'too-large' }, {}, 'too-large'],
    ['is larger than it may be', taken('image/jpeg', new Uint8Array(16 * 1024 * 1024 + 1)), {}, 'too-large'],
    ['was altered, as the company says', { kind: 'refused', because: 'altered' }, {}, 'altered'],
    ['is not the one that was announced', taken(), { sha256: 'ab'.repeat(32) }, 'altered'],
    ['is a page, not the picture it claims to be', taken('image/jpeg', bytes('<html>')), {}, 'altered'],
    ['turns out to be a program', taken('application/x-msdownload', bytes('MZ')), {}, 'type-not-taken'],
    ['is of a type that a browser would run', taken(), { contentType: 'image/svg+xml' }, 'type-not-taken'],
  ])('and that %s is not kept, and says why', async (_what, answer, differs, lost) => {
    const world = await clinic(answer)
    await write(world, 'See here', { files: [{ ...picture, ...differs }] })
    expect(filesOf(world)).toMatchObject([{ lost, name: 'hand.jpg' }])
    expect(filesOf(world)[0]?.location).toBeUndefined()
    expect(world.emr.all('Binary')).toEqual([])
    expect(messages(world)).toMatchObject([{ text: 'See here', handled: true }])
  })

  it('whose type is not taken is not even asked for', async () => {
    const world = await clinic()
    const sha256 = 'ab'.repeat(32)
    await write(world, '', { files: [{ ...picture, contentType: 'application/zip', sha256 }] })
    expect(world.asked).toEqual([])
    expect(filesOf(world)).toMatchObject([{ lost: 'type-not-taken' }])
  })

  it('is fetched later when the company is away, each of several by itself', async () => {
    const world = await clinic({ kind: 'unreachable', code: 'ECONNREFUSED' }, taken())
    await write(world, '', { files: [picture, { ...picture, location: 'F2' }] })
    expect(filesOf(world).map(({ location }) => location?.split('/')[0])).toEqual(['F1', 'Binary'])
    world.asked.splice(0)
    for (const sender of world.world.senders) sender.fetchFile = async () => taken()
    await world.pass(minute)
    expect(filesOf(world).map(({ location }) => location?.split('/')[0])).toEqual(['Binary', 'Binary'])
    expect(world.emr.all('Binary')).toHaveLength(2)
  })

  it('that could not be had for a week is given up', async () => {
    const world = await clinic()
    for (const sender of world.world.senders)
      sender.fetchFile = async () => ({ kind: 'unreachable', code: '503' })
    await write(world, '', { files: [picture] })
    world.wipeQueue()
    await world.pass(7 * day)
    const [message] = messages(world)
    await fetchFiles(world.world, message?.reference ?? '')
    expect(filesOf(world)).toMatchObject([{ lost: 'gone' }])
  })

  it('is found again when its job was lost with Redis', async () => {
    const world = await clinic()
    for (const sender of world.world.senders)
      sender.fetchFile = async () => ({ kind: 'unreachable', code: '503' })
    await write(world, '', { files: [picture] })
    await write(world, 'without a file')
    world.wipeQueue()
    expect(await findUnfetched(world.world)).toEqual([])
    await world.pass(20 * minute)
    expect(await findUnfetched(world.world)).toEqual([messages(world)[0]?.reference])
    await world.pass(2 * hour)
    expect(await findUnfetched(world.world)).toEqual([])
    expect(await findUnfetched(world.world, day)).toHaveLength(1)
  })
})

describe('a file that comes with its message', () => {
  const handed: InboundFile = { ...picture, location: '', bytes: jpeg }
  const byMail = { channel: 'email', from: 'sara@mail.example' as Address } as const

  it('is in the store before the company gets its answer', async () => {
    const world = await clinic()
    await write(world, 'By mail', { ...byMail, files: [handed] })
    expect(filesOf(world)).toMatchObject([
      { location: expect.stringMatching(/^Binary\//), size: jpeg.length },
    ])
    expect(world.asked).toEqual([])
  })

  it('is there once, when the store failed between the message and the file and the company repeats both', async () => {
    const world = await clinic()
    const event = { ...byMail, providerId: 'M1', files: [handed] }
    world.emr.failNext(new EmrError('Creating Binary: 503', { status: 503 }), {
      call: 'create',
      type: 'Binary',
    })
    await expect(write(world, 'By mail', event)).rejects.toThrow(EmrError)
    await write(world, 'By mail', event)
    await write(world, 'By mail', event)
    expect(messages(world)).toHaveLength(1)
    expect(world.emr.all('Binary')).toHaveLength(1)
  })

  it('does not stop the message where the store takes no files', async () => {
    const world = await clinic()
    world.emr.failNext(new EmrError('Creating Binary: 403', { status: 403 }), {
      call: 'create',
      type: 'Binary',
    })
    await write(world, 'By mail', { ...byMail, files: [handed] })
    expect(messages(world)).toMatchObject([{ text: 'By mail', files: [{ lost: 'type-not-taken' }] }])
  })

  it('without a type of its own is what its bytes say', async () => {
    const world = await clinic()
    const unsaid = { ...handed, contentType: 'application/octet-stream' }
    const program = { ...unsaid, bytes: bytes('MZ') }
    await write(world, '', { ...byMail, files: [unsaid, program] })
    expect(filesOf(world)).toMatchObject([{ contentType: 'image/jpeg' }, { lost: 'type-not-taken' }])
  })
})

describe('a reaction of a patient', () => {
  it('is stored as what it is, with whom it came from', async () => {
    const world = await clinic()
    const reaction = { emoji: '🙏', toMessage: 'SB7' }
    await write(world, '🙏', { reaction, userId: 'AE.1000000001' })
    expect(messages(world)).toMatchObject([{ reaction, userId: 'AE.1000000001', text: '🙏' }])
  })
})

describe('a file of the chart', () => {
  const letter: DocumentReference = {
    resourceType: 'DocumentReference',
    id: 'letter',
    status: 'current',
    subject: { reference: 'Patient/sara' },
    content: [{ attachment: { contentType: 'application/pdf', title: 'Blood test', url: 'Binary/b' } }],
  }
  const pdf = bytes('%PDF-1.4')
  const sara = 'Patient/sara'

  async function chart(differs: Partial<DocumentReference> = {}) {
    const { emr, world } = await clinic()
    emr.put({ ...toBinary('application/octet-stream', pdf, 'DocumentReference/letter'), id: 'b' })
    emr.put({ ...letter, ...differs })
    return { emr, open: (reference = 'DocumentReference/letter') => openFile(world, reference, sara) }
  }

  it('has the chart’s name and type, and is read afresh each time', async () => {
    const { open } = await chart()
    const file = await open()
    expect(file).toMatchObject({ contentType: 'application/pdf', name: 'Blood test.pdf', size: pdf.length })
    expect([await file?.read(), await file?.read()]).toEqual([pdf, pdf])
  })

  it('may stand in its DocumentReference itself', async () => {
    const attachment = { contentType: 'text/plain', data: btoa('Rest.') }
    const { open } = await chart({ description: 'Advice', content: [{ attachment }] })
    const file = await open()
    expect(file).toMatchObject({ name: 'Advice.txt', size: 5 })
    expect(Buffer.from((await file?.read()) ?? []).toString()).toBe('Rest.')
  })

  it.each<[string, Partial<DocumentReference>]>([
    ['of another patient', { subject: { reference: 'Patient/omar' } }],
    ['of nobody', { subject: undefined }],
    ['of a patient on another server', { subject: { reference: 'https://other.example/Patient/sara' } }],
    ['that was superseded', { status: 'superseded' }],
    ['that was entered in error', { docStatus: 'entered-in-error' }],
    ['on another server', { content: [{ attachment: { url: 'https://other.example/fhir/Binary/b' } }] }],
    ['whose bytes are gone', { content: [{ attachment: { url: 'Binary/none' } }] }],
  ])('%s is none to be sent', async (_what, differs) => {
    const { open } = await chart(differs)
    expect(await open()).toBeUndefined()
  })

  it.each([
    ['nothing', undefined, false],
    ['the patient', 'Patient/sara', true],
    ['a document of the patient', 'DocumentReference/letter', true],
    ['another patient', 'Patient/omar', false],
    ['what is not there', 'DocumentReference/none', false],
  ])('that is a bare Binary whose context is %s', async (_what, reference, opens) => {
    const { emr, open } = await chart()
    const securityContext = reference ? { reference } : undefined
    emr.put({
      resourceType: 'Binary',
      id: 'bare',
      contentType: 'image/png',
      data: btoa('png'),
      securityContext,
    })
    expect((await open('Binary/bare')) !== undefined).toBe(opens)
  })

  it('that we may not read is none; one that the EMR cannot give now is an error', async () => {
    const { emr, open } = await chart()
    emr.failNext(new EmrError('403', { status: 403 }), { call: 'read' })
    expect(await open()).toBeUndefined()
    emr.failNext(new EmrError('503', { status: 503 }), { call: 'read' })
    await expect(open()).rejects.toThrow(EmrError)
  })

  it('of no kind that holds files is none', async () => {
    const { open } = await chart()
    expect(await open('Observation/letter')).toBeUndefined()
  })
})
