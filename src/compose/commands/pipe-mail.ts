/**
 * `qasid pipe`: what a mail server runs for each mail that comes. It signs the mail and hands it to the webhook of an e-mail
 * sender; its exit codes are those that mail servers know (sysexits). Nothing of the deployment is needed for it.
 */
import { createHmac } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { minute } from '../../domain/time.ts'

export interface PipeParts {
  /** The mail as it came. */
  mail: NodeJS.ReadableStream
  readText(path: string): Promise<string>
  /** One sentence for the mail server's log. */
  err(line: string): void
}

/** EX_TEMPFAIL: the mail server keeps the mail and tries again. */
const later = 75
/** EX_DATAERR: it tells the writer that the mail could not be taken. */
const refused = 65
export type PipeCode = 0 | typeof later | typeof refused

/** Neither will the same mail be taken tomorrow: it is no mail that can be answered, or too large. */
const final = [400, 413]

const answersWithin = minute

/** Resolves to the exit code. Wrong usage too keeps the mail: it is not the writer's fault. */
export async function pipeMail(args: string[], { mail, readText, err }: PipeParts): Promise<PipeCode> {
  const given = readUsage(args)
  if (!given)
    return end(err, later, 'Usage: qasid pipe --secret-file path https://…/webhooks/{install}/{sender}')
  const secret = (await readText(given.secretFile).catch(() => '')).trim()
  if (!secret) return end(err, later, 'The file with the secret cannot be read, or is empty.')
  const status = await post(given.url, await buffer(mail), secret)
  if (typeof status !== 'number') return end(err, later, `Qasid cannot be reached (${status.code}).`)
  if (status >= 200 && status < 300) return 0
  return end(err, final.includes(status) ? refused : later, `Qasid did not take the mail (${status}).`)
}

function end(err: PipeParts['err'], code: PipeCode, sentence: string): PipeCode {
  err(sentence)
  return code
}

function readUsage(args: string[]): { url: string; secretFile: string } | undefined {
  try {
    const options = { 'secret-file': { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const [url = '', ...more] = positionals
    const secretFile = values['secret-file']
    const isAddress = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
    return secretFile && isAddress && more.length === 0 ? { url, secretFile } : undefined
  } catch {
    return undefined
  }
}

/** The answer's status, or the word for why there was none. */
async function post(url: string, body: Uint8Array, secret: string): Promise<number | { code: string }> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'message/rfc822',
        'x-qasid-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      body: Buffer.from(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(answersWithin),
    })
    await answer.body?.cancel()
    return answer.status
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: string } }
    return { code: cause?.code ?? name ?? 'unknown' }
  }
}
