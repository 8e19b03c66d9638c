import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

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

  it('names every command', async () => {
    const { out } = await qasid([])
    for (const name of ['serve', 'work', 'send', 'bulk', 'status', 'retry'])
      expect(out).toMatch(`\n  ${name} `)
  })
})
