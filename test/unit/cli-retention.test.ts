import { describe, expect, it } from 'vitest'
import { type CommandName, runCommand } from '../../src/compose/commands/run-command.ts'
import { day } from '../../src/domain/time.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { phone } from '../flows/chart.ts'
import { clinicWithWords, found, said } from '../flows/said.ts'

async function qasid(world: FakeWorld, name: CommandName, ...args: string[]) {
  const told: { out: string[]; err: string[] } = { out: [], err: [] }
  const code = await runCommand(name, args, {
    openInstall: async () => ({ world: world.world, close: async () => {} }),
    readText: async () => '',
    readInput: async () => '',
    out: (line) => void told.out.push(line),
    err: (line) => void told.err.push(line),
  })
  for (const words of [...Object.values(said), phone])
    expect([...told.out, ...told.err].join('\n')).not.toContain(words)
  return { code, ...told }
}

const everything = [...Object.values(said), phone]

describe('qasid retention', () => {
  it('with --dry-run says how much there is and how old, and touches nothing', async () => {
    const world = await clinicWithWords()
    await world.pass(100 * day)
    const { code, out } = await qasid(world, 'retention', '--dry-run')
    expect([code, out]).toEqual([
      0,
      [
        'what                     count  oldest',
        'messages of patients     1      2026-11-20',
        'their files              1      2026-11-20',
        'messages sent, or tried  5      2026-11-20',
        'requests                 4      2026-11-20',
      ],
    ])
    expect(found(world)).toEqual(everything)
  })

  it('else removes it, and says so', async () => {
    const world = await clinicWithWords()
    await world.pass(100 * day)
    const { code, out } = await qasid(world, 'retention')
    expect([code, out]).toEqual([0, ['Emptied: 10, at the provider too: 3.']])
    expect(found(world)).toEqual([])
    expect(await qasid(world, 'retention', '--dry-run')).toMatchObject({
      ...{ code: 0, out: ['Nothing is older than it is kept.'] },
    })
  })
})

describe('qasid forget', () => {
  const sara = ['--patient', 'Patient/sara']

  it.each([
    ['without a patient', []],
    ['for a number instead of a patient', ['--patient', phone, '--yes']],
    ['without --yes', sara],
  ])('%s is wrong usage, and nothing is touched', async (_when, args) => {
    const world = await clinicWithWords()
    expect((await qasid(world, 'forget', ...args)).code).toBe(2)
    expect(found(world)).toEqual(everything)
  })

  it('with --dry-run says what would go', async () => {
    const world = await clinicWithWords()
    const { code, out } = await qasid(world, 'forget', ...sara, '--dry-run')
    expect([code, out]).toEqual([
      0,
      ['Would be emptied: messages 5, requests 4.', 'Not sent yet, and would be withdrawn: 1.'],
    ])
    expect(found(world)).toEqual(everything)
  })

  it('with --yes does it, and says what is kept', async () => {
    const world = await clinicWithWords()
    const { code, out } = await qasid(world, 'forget', ...sara, '--yes')
    expect([code, out]).toEqual([
      0,
      [
        'Emptied: 9, at the provider too: 3.',
        'Not sent yet, and withdrawn: 1.',
        'Consents are kept: without them a STOP could not be respected any more.',
      ],
    ])
    expect(found(world)).toEqual([])
  })

  it('says plainly what could not be deleted, and where', async () => {
    const world = await clinicWithWords()
    const [whatsapp] = world.world.senders
    for (const sender of world.world.senders) delete sender.redact
    world.world.store.removeVersions = async () => false
    const { out } = await qasid(world, 'forget', ...sara, '--yes')
    expect(out).toContain(
      `Providers that still have what they got, and no way to remove it: ${whatsapp?.provider} (3).`,
    )
    expect(out).toContain('Older versions stay in the store, which has no way to remove them: of 9.')
  })

  it('while a provider is away says that it is asked later', async () => {
    const world = await clinicWithWords()
    world.carrier.forgets = { kind: 'later', code: 'http-503' }
    const { code, out } = await qasid(world, 'forget', ...sara, '--yes', '--json')
    expect([code, JSON.parse(out[0] ?? '')]).toMatchObject([
      0,
      { emptied: 9, withdrawn: 1, underWay: 0, left: { later: { sandbox: 3 } } },
    ])
  })
})
