import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sendOptions } from '../../src/compose/commands/send.ts'
import { retryOptions } from '../../src/compose/commands/status.ts'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

async function qasid(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [cli, ...args], { env })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { out, err, code }
}

describe('the command line', () => {
  it('tells wrong usage from what cannot be done by its exit code, in one sentence', async () => {
    const [wrong, odd] = await Promise.all([
      qasid(['send', '--text', 'x']),
      qasid(['status', 'r1'], { QASID_DATA: '/nowhere' }),
    ])
    expect(wrong).toEqual({ out: '', err: 'Name a recipient with --to.\n', code: 2 })
    expect([odd.code, odd.out]).toEqual([1, ''])
    expect(odd.err).toMatch(/QASID_KEY is not set/)
    expect(odd.err).not.toMatch(/\bat .*\.ts:/)
  })

  it.each([
    ['help'],
    ['--help'],
    ['send', '--help'],
  ])('tells its usage when asked: %s %s', async (...args) => {
    const { out, err, code } = await qasid(args.filter((one) => typeof one === 'string'))
    expect([code, err]).toEqual([0, ''])
    for (const name of ['serve', 'work', 'send', 'bulk', 'status', 'retry', 'senders', 'test', 'templates'])
      expect(out).toMatch(`\n  ${name} `)
    for (const option of Object.keys({ ...sendOptions, ...retryOptions }))
      expect(out).toContain(`--${option} `)
  })

  it('tells it to who asks for nothing, or for what is not there, as wrong usage', async () => {
    const [bare, wrong] = await Promise.all([qasid([]), qasid(['sned', '--to', 'Patient/1'])])
    expect(bare).toMatchObject({ out: '', code: 2, err: expect.stringMatching(/^qasid <command>/) })
    expect(wrong).toMatchObject({ out: '', code: 2 })
    expect(wrong.err).toMatch(/^There is no command called sned \(did you mean send\?\); there are: serve, /)
  })
})
