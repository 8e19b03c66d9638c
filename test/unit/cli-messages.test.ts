import { beforeEach, describe, expect, it } from 'vitest'
import { choose } from '../../src/compose/commands/open-install.ts'
import { type CommandName, runCommand } from '../../src/compose/commands/run-command.ts'
import { ConfigError } from '../../src/config.ts'
import { day } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld, startOfDay } from '../fakes/world.ts'
import { patient, permit, phone, visit } from '../flows/chart.ts'

let world: FakeWorld
let opened: number
beforeEach(async () => {
  world = await createWorld()
  opened = 0
  addPatient('sara', phone)
  addPatient('omar', '+971507654321')
})

function addPatient(id: string, number: string): void {
  world.emr.put(patient({ id, telecom: [{ system: 'phone', use: 'mobile', value: number }] }))
  world.emr.put(permit('sms', { patient: id, address: number }))
}

/** As it was typed; `files` are those that can be read, `-` is standard input. */
async function qasid(name: CommandName, args: string[], files: Record<string, string> = {}) {
  const said = { out: [] as string[], err: [] as string[] }
  const code = await runCommand(name, args, {
    async openInstall() {
      opened += 1
      const close = async () => {
        opened -= 1
      }
      return { world: world.world, close }
    },
    async readText(path) {
      const text = files[path]
      if (text === undefined) throw new Error(`ENOENT ${path}`)
      return text
    },
    readInput: async () => files['-'] ?? '',
    out: (line) => void said.out.push(line),
    err: (line) => void said.err.push(line),
  })
  expect(opened).toBe(0)
  return { code, ...said }
}

const requests = () => world.emr.all('CommunicationRequest')
const saraAndText = ['--to', 'Patient/sara', '--text', 'Please bring your papers.']

describe('qasid send', () => {
  it('writes the message, says which, and ends with 0', async () => {
    const { code, out, err } = await qasid('send', saraAndText)
    expect([code, err]).toEqual([0, []])
    expect(out[0]).toBe('1 message written.')
    expect(out[1]).toMatch(/^\S+ {2}Patient\/sara {2}active$/)
    await world.settle()
    expect(world.carrier.ledger).toMatchObject([{ to: phone, text: 'Please bring your papers.' }])
  })

  it('fills a template, for several, in JSON for scripts', async () => {
    world.emr.put(visit((startOfDay + 2 * day) as typeof startOfDay))
    const { code, out } = await qasid('send', [
      ...['--to', 'Patient/sara', '--template', 'visit-reminder', '--visit', 'Appointment/visit'],
      ...['--set', 'place=a=b', '--channel', 'sms', '--json'],
    ])
    expect([code, out.length]).toEqual([0, 1])
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ isNew: true, messages: [{ to: 'Patient/sara' }] })
  })

  it('with the same key again says that it was written before', async () => {
    await qasid('send', [...saraAndText, '--key', 'k'])
    const again = await qasid('send', [...saraAndText, '--key', 'k'])
    expect(again.out[0]).toMatch(/already written by an earlier run/)
    const other = await qasid('send', ['--to', 'Patient/omar', '--text', 'Other.', '--key', 'k'])
    expect([other.code, other.err]).toEqual([1, [expect.stringMatching(/used before/)]])
    expect(requests()).toHaveLength(1)
  })

  it('without Redis says that the worker takes it later', async () => {
    world.world.jobs.addAll = async () => {
      throw new Error('Redis is away')
    }
    const { code, out } = await qasid('send', saraAndText)
    expect([code, out.at(-1)]).toEqual([0, 'Redis is away: the worker takes them at its next tick.'])
    expect(requests()).toHaveLength(1)
  })
})

describe('what stands on no command line', () => {
  const both = ['--to', '-', '--text', '-', '--channel', 'sms']

  it.each<[string, string[], string]>([
    ['the text', ['--to', phone, '--text', '-'], 'Please bring\nyour papers.\n'],
    ['the recipient', ['--to', '-', '--text', 'Please bring\nyour papers.'], `${phone}\n`],
    ['both', both, `${phone}\r\nPlease bring\r\nyour papers.\r\n`],
  ])('%s comes from standard input', async (_what, args, input) => {
    const { code } = await qasid('send', args, { '-': input })
    expect(code).toBe(0)
    await world.settle()
    expect(world.carrier.ledger).toMatchObject([{ to: phone, text: 'Please bring\nyour papers.' }])
  })

  it('may be several recipients, one per line, beside those that are named', async () => {
    const args = ['--to', '-', '--to', 'Patient/sara', '--text', 'x']
    const { out } = await qasid('send', args, { '-': '\n+971507654321\n' })
    expect(out[0]).toBe('2 messages written.')
  })

  it('is the text of a file’s rows too', async () => {
    const files = { 'rows.csv': 'to\nPatient/sara\nPatient/omar\n', '-': 'Please bring your papers.' }
    expect((await qasid('bulk', ['rows.csv', '--text', '-'], files)).code).toBe(0)
    expect(requests().map(({ payload }) => payload?.[0]?.contentString)).toEqual([files['-'], files['-']])
  })

  it.each([
    ['', ['--to', '-', '--text', 'x']],
    ['\n\n', ['--to', 'Patient/sara', '--text', '-']],
    ['Patient/sara\n', both],
  ])('%j for %j is wrong usage', async (input, args) => {
    const { code, err } = await qasid('send', args, { '-': input })
    expect([code, err]).toEqual([2, ['Standard input lacks what the - stands for.']])
    expect(requests()).toEqual([])
  })
})

describe('an admin’s mistake gets one clear sentence, and nothing is half sent', () => {
  const reminder = ['--to', 'Patient/sara', '--template', 'visit-reminder-confirmed']

  it.each<[string, string[], RegExp]>([
    ['an unknown template', ['--to', 'Patient/sara', '--template', 'visit'], /there are: visit-reminder/],
    ['a missing value', reminder, /needs a value for start/],
    ['a number without its country', ['--to', '0501234567', '--text', 'x'], /write it as \+971/],
    ['a landline', ['--to', '+97143334444', '--text', 'x'], /landline/],
    ['one wrong of two', [...saraAndText, '--to', 'Patient/ghost'], /1 of 2 recipients/],
    ['a closed window', [...saraAndText, '--channel', 'whatsapp'], /./],
  ])('%s ends with 1', async (_what, args, says) => {
    const { code, out, err } = await qasid('send', args)
    expect([code, out]).toEqual([1, []])
    expect(err[0]).toMatch(says)
    expect(err.join()).not.toMatch(/050123|3334444|papers|\bat .*\.ts:/)
    expect(requests()).toEqual([])
  })

  it.each<[CommandName, string[], RegExp]>([
    ['send', [], /Name a recipient with --to/],
    ['send', ['Patient/sara', '--text', 'x'], /--to/],
    ['send', ['--to', 'Patient/sara'], /one of template, text and file/],
    ['send', [...saraAndText, '--template', 'x'], /one of template, text and file/],
    ['send', [...saraAndText, '--channel', 'fax'], /odd channels/],
    ['send', [...saraAndText, '--at', 'tomorrow'], /a time such as 2026/],
    ['send', ['--to', 'Patient/sara', '--template', 'x', '--set', 'novalue'], /--set name=value/],
    ['send', [...saraAndText, '--sender', 'sms'], /no option --sender; there are: --template/],
    ['send', [...saraAndText, '--chanel', 'sms'], /no option --chanel \(did you mean --channel\?\)/],
    ['send', [...saraAndText, '--key'], /option --key lacks its value/],
    ['senders', ['sms'], /takes options only/],
    ['test', [], /one sender by its id/],
    ['bulk', [], /one file/],
    ['bulk', ['gone.csv', '--text', 'x'], /cannot be read/],
    ['status', [], /one message by its id/],
    ['status', ['../Patient'], /one message by its id/],
    ['retry', ['r1', '--until', 'soon'], /--until as 2026/],
  ])('%s %j is wrong usage and ends with 2', async (name, args, says) => {
    const { code, out, err } = await qasid(name, args)
    expect([code, out, err]).toEqual([2, [], [expect.stringMatching(says)]])
  })

  it.each<[string, Error, RegExp]>([
    [
      'the EMR is away',
      new EmrError('reading Patient: no answer'),
      /^The EMR cannot be reached at the moment \(reading Patient: no answer\)\.$/,
    ],
    ['the deployment is odd', new ConfigError(['QASID_KEY is not set.']), /QASID_KEY is not set/],
    [
      'something unforeseen happens',
      new TypeError('Sara +971501234567'),
      /^Something went wrong \(TypeError\)/,
    ],
  ])('and so does it when %s', async (_what, error, says) => {
    world.world.clinic.settings = async () => {
      throw error
    }
    const { code, err } = await qasid('send', saraAndText)
    expect([code, err]).toEqual([1, [expect.stringMatching(says)]])
    expect(err.join()).not.toContain('Sara')
  })
})

describe('qasid status and retry', () => {
  async function failed(): Promise<string> {
    world.carrier.next({ kind: 'rejected', reason: 'recipient-unreachable', code: '30003' })
    const { out } = await qasid('send', [...saraAndText, '--channel', 'sms', '--json'])
    await world.settle()
    return JSON.parse(out[0] ?? '').messages[0].id
  }

  it('tell what became of a message, and try it again', async () => {
    const id = await failed()
    const { code, out } = await qasid('status', [`CommunicationRequest/${id}`])
    expect([code, out[0]]).toEqual([0, 'revoked: It was not sent: the address cannot be reached.'])
    expect(out[3]).toMatch(/^at +channel +sender +provider +state +reason +code/)
    expect(out[4]).toMatch(/^2026\S+ +sms +sms +sandbox +failed +recipient-unreachable +30003/)
    expect(await qasid('retry', [id])).toEqual({
      code: 0,
      out: [`${id} is tried once more (round 1).`],
      err: [],
    })
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(1)
    const again = await qasid('retry', [id])
    expect([again.code, again.err]).toEqual([1, [expect.stringMatching(/handed over/)]])
  })

  it('name the sender whose token is wrong', async () => {
    world.carrier.next({ kind: 'misconfigured', code: 'unauthorized' })
    const { out } = await qasid('send', [...saraAndText, '--channel', 'sms', '--json'])
    await world.settle()
    const told = await qasid('status', [JSON.parse(out[0] ?? '').messages[0].id])
    expect(told.out[0]).toMatch(/^active: The sender sms is paused .*\(unauthorized\)/)
  })

  it.each(['status', 'retry'] as const)('%s of no message ends with 1', async (name) => {
    expect(await qasid(name, ['none'])).toEqual({ code: 1, out: [], err: ['There is no such message.'] })
  })
})

describe('qasid senders, test and templates', () => {
  it('list the senders, and test one', async () => {
    const listed = await qasid('senders', [])
    expect([listed.code, listed.out[0]]).toEqual([
      0,
      expect.stringMatching(/^sender +channel +provider +address +health$/),
    ])
    expect(listed.out[2]).toMatch(/^sms +sms +sandbox +\+15550100002 +1$/)
    expect(await qasid('test', ['sms'])).toEqual({
      code: 0,
      out: ['The sender sms is ready to send.'],
      err: [],
    })
    expect(await qasid('test', ['fax'])).toMatchObject({
      code: 1,
      err: [expect.stringMatching(/no sender called fax; there are: /)],
    })
  })

  it('end with 1 for a sender that is set up wrong, which the list shows', async () => {
    const [, sms] = world.world.senders
    if (sms) sms.checkHealth = async () => ({ kind: 'misconfigured', code: '20003' })
    expect(await qasid('test', ['sms'])).toMatchObject({ code: 1, out: [] })
    expect((await qasid('senders', [])).out[2]).toMatch(/ paused \(20003\)$/)
  })

  it('list the templates that may be sent, with their values', async () => {
    const { code, out } = await qasid('templates', [])
    expect([code, out[0]]).toEqual([0, expect.stringMatching(/^template +version +values +optional values/)])
    expect(out[1]).toMatch(/^visit-reminder +1 +start +place practitioner zone +yes +/)
    expect(out.join('\n')).not.toContain('reply-')
    expect(JSON.parse((await qasid('templates', ['--json'])).out[0] ?? '')[0].name).toBe('visit-reminder')
  })
})

describe('the install', () => {
  const [one, other] = ['palm', 'oasis'].map((id) => ({ file: { id } }))
  const all = [one, other].filter((each) => each !== undefined)

  it('is the only one, or the one that is named', () => {
    expect(choose(all.slice(0, 1), undefined)).toBe(one)
    expect(choose(all, 'oasis')).toBe(other)
  })

  it.each([
    [all, undefined, /several installs: name one with --install \(palm, oasis\)/],
    [all, 'ghost', /there are: palm, oasis/],
    [[], undefined, /no install yet/],
  ])('%# is asked for by name otherwise', (installs, id, says) => {
    expect(() => choose(installs, id)).toThrow(says)
  })
})
