import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { unseal } from '../../src/seal.ts'

const key = Buffer.alloc(32, 1)
const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const env = {
  QASID_KEY: key.toString('base64'),
  REDIS_URL: 'redis://127.0.0.1:1',
  QASID_DATA: '/nowhere',
}

async function sealing(input: string, changes: Record<string, string> = {}) {
  const child = spawn(process.execPath, [cli, 'seal'], { env: { ...env, ...changes } })
  child.stdin.end(input)
  const ended = new Promise((resolve) => child.once('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { out, err, code }
}

describe('qasid seal', () => {
  it.each([
    'open sesame',
    'open sesame\n',
    'open sesame\r\n',
  ])('prints %j as an install file may hold it', async (input) => {
    const { out, err, code } = await sealing(input)
    expect([err, code]).toEqual(['', 0])
    expect(out).toMatch(/^sealed:[\w-]+\n$/)
    expect(unseal(key, out.trim())).toBe('open sesame')
  })

  it('refuses to seal nothing', async () => {
    expect(await sealing('\n')).toEqual({
      out: '',
      err: 'There is nothing to seal: give the secret on standard input.\n',
      code: 1,
    })
  })

  it('names the variable when the key is missing', async () => {
    const { out, err, code } = await sealing('open sesame', { QASID_KEY: 'short' })
    expect([out, code]).toEqual(['', 1])
    expect(err).toContain('QASID_KEY')
    expect(err).not.toContain('sesame')
  })
})
