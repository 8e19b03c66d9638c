/** A sender of an install file, made ready: its provider found, its credentials checked, its address read. */
import { type Config, ConfigError } from '../config.ts'
import { parseInboundAddress } from '../domain/address.ts'
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
  if (!provider || !carries)
    throw new ConfigError([`${where}: no provider called ${file.provider} carries ${file.channel}.`])
  const { credentials, faults } = checkCredentials(provider, file)
  const address = parseInboundAddress(file.channel, file.address)
  if (!address) faults.push(`address: it is no address for ${file.channel}.`)
  if (!address || faults.length > 0) throw new ConfigError(faults.map((fault) => `${where}.${fault}`))
  const webhook = `${baseUrl}/webhooks/${install}/${file.id}`
  const { lookUp, fetchFile, templates } = provider
  const sender: Sender = {
    ...{ id: file.id, channel: file.channel, address, countries: file.countries, weight: file.weight },
    ...{ provider: provider.id, messageIdSystem: provider.messageIdSystem, carries },
    checkHealth: () => provider.checkHealth({ channel: file.channel, address }, credentials),
    ...(lookUp && {
      lookUp: (wanted) => lookUp({ ...wanted, channel: file.channel, from: address }, credentials),
    }),
    ...(fetchFile && { fetchFile: (one, most) => fetchFile(one, credentials, most) }),
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
          channel: file.channel,
          from: address,
          callbackUrl: `${webhook}?attempt=${encodeURIComponent(message.attemptId)}`,
        },
        credentials,
      ),
  }
  return { file, provider, credentials, sender }
}

/** A secret that stands in a file is in its backups too, whatever becomes of the file. */
function checkCredentials(provider: Provider, file: SenderFile): { credentials: unknown; faults: string[] } {
  const parsed = provider.credentials.safeParse(file.credentials)
  const faults = (parsed.error?.issues ?? []).map(
    (one) => `credentials.${one.path.join('.')}: ${one.message}`,
  )
  const exposed = secretFields(provider).filter((field) => file.plainly.includes(field))
  for (const field of exposed)
    faults.push(
      `credentials.${field}: it is a secret, so name a variable (env:NAME) or seal it (qasid seal).`,
    )
  return { credentials: parsed.data, faults }
}
