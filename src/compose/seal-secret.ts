/** `qasid seal`: a secret comes in, and goes out as it may stand in an install file. */
import type { Config } from '../config.ts'
import { seal } from '../seal.ts'

/** The line's end that `echo` adds is no part of it; `undefined` when nothing came. */
export async function sealSecret(
  { key }: Pick<Config, 'key'>,
  input: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  for await (const part of input) parts.push(part)
  const secret = Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  return secret ? seal(key, secret) : undefined
}
