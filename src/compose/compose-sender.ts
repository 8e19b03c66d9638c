/** A sender of an install file, made ready: its provider found, its credentials checked, its address read. */
import { type Config, ConfigError } from '../config.ts'
import { isSenderName, parseSenderAddress } from '../domain/address.ts'
import type { Channel } from '../domain/channel.ts'
import type { OutgoingContent } from '../domain/outgoing.ts'
import { sayIssue } from '../domain/say-issue.ts'
import { type Duration, second } from '../domain/time.ts'
import type { Sender } from '../flows/ports.ts'
import type { SenderFile } from '../install-file.ts'
import { providers } from '../providers/index.ts'
import type { Provider } from '../providers/provider.ts'
import { secretFields } from '../providers/secret-fields.ts'

export interface ComposedSender {
  file: SenderFile
  provider: Provider
  credentials: unknown
  sender: Sender
}

/** Throws `ConfigError` naming install, sender and field; never the value of a credential. */
export function composeSender(
  { baseUrl }: Pick<Config, 'baseUrl'>,
  install: string,
  file: SenderFile,
): ComposedSender {
  const where = `${install}: senders.${file.id}`
  const provider = providers.find((one) => one.id === file.provider)
  const carries = provider?.carries[file.channel]
  if (!provider || !carries) throw new ConfigError([`${where}.provider: ${providerWanted(provider, file)}`])
  const { credentials, faults } = checkCredentials(provider, file)
  const address = parseSenderAddress(file.channel, file.address)
  if (!address) faults.push(`address: ${addressWanted[file.channel]}`)
  if (!address || faults.length > 0) throw new ConfigError(faults.map((fault) => `${where}.${fault}`))
  const webhook = `${baseUrl}/webhooks/${install}/${file.id}`
  const { lookUp, fetchFile, redact, templates } = provider
  const sender: Sender = {
    ...{ id: file.id, channel: file.channel, address, countries: file.countries, weight: file.weight },
    perSecond: file.perSecond,
    ...{ provider: provider.id, messageIdSystem: provider.messageIdSystem },
    ...(file.limits && { limits: file.limits }),
    carries: isSenderName(address) ? { ...carries, answers: false } : carries,
    checkHealth: () => provider.checkHealth({ channel: file.channel, address }, credentials),
    ...(lookUp && {
      lookUp: (wanted) => lookUp({ ...wanted, channel: file.channel, from: address }, credentials),
    }),
    ...(fetchFile && { fetchFile: (one, most) => fetchFile(one, credentials, most) }),
    ...(redact && { redact: (providerId) => redact(providerId, credentials) }),
    ...(templates &&
      carries.templates === 'approved' && {
        desk: {
          submit: (template) => templates.submit(template, credentials),
          list: () => templates.list(credentials),
        },
      }),
    send: (message) =>
      provider.send(
        {
          ...message,
          content: withPatience(message.content),
          channel: file.channel,
          from: address,
          callbackUrl: `${webhook}?attempt=${encodeURIComponent(message.attemptId)}`,
        },
        credentials,
      ),
  }
  return { file, provider, credentials, sender }
}

function providerWanted(provider: Provider | undefined, { channel }: SenderFile): string {
  const all = providers.map(({ id }) => id).join(', ')
  if (!provider) return `it must be one of ${all}.`
  const able = providers.filter(({ carries }) => carries[channel]).map(({ id }) => id)
  return `${provider.id} does not carry ${channel}; these do: ${able.join(', ')}.`
}

const addressWanted: Record<Channel, string> = {
  sms: 'it must be a number with its country (+971…), a short code, or a registered name of up to 11 letters.',
  whatsapp: 'it must be a number with its country (+971…).',
  email: 'it must be a mailbox.',
}

/** The EMR has to give a file in time, or the call would outlive its job; nothing is sent by then. */
const filesComeWithin = 8 * second

function withPatience(content: OutgoingContent): OutgoingContent {
  if (content.kind !== 'file') return content
  const { read } = content.file
  return { ...content, file: { ...content.file, read: (most) => inTime(read(most), filesComeWithin) } }
}

async function inTime<T>(wanted: Promise<T>, patience: Duration): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The file did not come in time')), patience)
  })
  return Promise.race([wanted, late]).finally(() => clearTimeout(timer))
}

/** A secret that stands in a file is in its backups too, whatever becomes of the file. */
function checkCredentials(provider: Provider, file: SenderFile): { credentials: unknown; faults: string[] } {
  const parsed = provider.credentials.safeParse(file.credentials, { reportInput: true })
  const known = credentialFields(provider)
  const faults = (parsed.error?.issues ?? []).map(
    (one) => `${['credentials', ...one.path].join('.')}: it ${sayIssue(one, known)}.`,
  )
  const exposed = secretFields(provider).filter((field) => file.plainly.includes(field))
  for (const field of exposed)
    faults.push(
      `credentials.${field}: it is a secret, so name a variable (env:NAME) or seal it (qasid seal).`,
    )
  return { credentials: parsed.data, faults }
}

function credentialFields({ credentials }: Provider): string[] {
  return 'shape' in credentials ? Object.keys(credentials.shape as object) : []
}
