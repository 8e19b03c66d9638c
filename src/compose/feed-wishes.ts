/** What an install wants to be told of, from the manifest: with the address that the host calls and the secret it is given. */
import type { Config } from '../config.ts'
import type { FeedWish } from '../flows/feed-ports.ts'
import { secretHeader } from '../http/notifications.ts'
import { loadManifest, type Manifest, notificationSecret, notifyEndpoint } from './deployment.ts'

export async function readFeedWishes(
  config: Pick<Config, 'baseUrl' | 'key'>,
  install: string,
): Promise<FeedWish[]> {
  const { subscriptions } = await loadManifest(config.baseUrl)
  return subscriptions.map((one) => toFeedWish(config, install, one))
}

function toFeedWish(
  config: Pick<Config, 'baseUrl' | 'key'>,
  install: string,
  wanted: Manifest['subscriptions'][number],
): FeedWish {
  const { key, resource, criteria, topics = [], ifMissing, poll } = wanted
  const secret = notificationSecret(config, install, key)
  const below = ifMissing === 'poll' ? (poll?.window ? 'window' : 'poll') : 'off'
  return {
    ...{ key, resource: resource as FeedWish['resource'], criteria, topics, below },
    hook: {
      endpoint: notifyEndpoint(config, install, wanted),
      headers: [`${secretHeader}: ${secret}`],
      signingSecret: secret,
      payload: 'application/fhir+json',
      ...(wanted.heartbeatSeconds && { heartbeatSeconds: wanted.heartbeatSeconds }),
      ...(wanted.timeoutSeconds && { timeoutSeconds: wanted.timeoutSeconds }),
      reason: reasons[key] ?? 'Qasid carries messages to patients',
    },
  }
}

/** Read by whoever looks through the Subscriptions of the host. */
const reasons: Record<string, string> = {
  appointments: 'Qasid plans reminders for visits',
  requests: 'Qasid sends what is urgent at once',
  consents: 'Qasid shows at once whether a patient may be written to',
}
