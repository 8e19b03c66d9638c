/** What must be before a worker is ready for an install: its store holds what we need, and the host calls us. */
import type { Config } from '../config.ts'
import { ensureSubscription } from '../emr/subscriptions.ts'
import type { World } from '../flows/ports.ts'
import { sweep } from '../flows/sweep.ts'
import { secretHeader } from '../http/notifications.ts'
import type { InstallFile } from '../install-file.ts'
import { loadManifest, notificationSecret, notifyEndpoint, prepareStore } from './deployment.ts'

export interface Prepared {
  file: Pick<InstallFile, 'id' | 'settings'>
  world: World
}

/** True once a booking would be seen: the store holds what we need, and every Subscription is active. */
export function preparation(
  config: Pick<Config, 'baseUrl' | 'key'>,
  install: Prepared,
  isReady: () => void,
): () => Promise<boolean> {
  let isStored = false
  let isSwept = false
  return async () => {
    if (!isStored) await prepareStore(install)
    isStored = true
    if (!(await areSubscribed(config, install))) {
      // Whatever changes until it is active, nobody tells us.
      isSwept = false
      return false
    }
    // The host tells us from now on; what happened before is looked up once.
    if (!isSwept) await sweep(install.world)
    isSwept = true
    isReady()
    return true
  }
}

/** Asks the host for every Subscription of the manifest; true once all of them are active. */
async function areSubscribed(
  config: Pick<Config, 'baseUrl' | 'key'>,
  { file, world }: Prepared,
): Promise<boolean> {
  const { subscriptions } = await loadManifest(config.baseUrl)
  const states = []
  for (const { key, criteria, notifyPath } of subscriptions) {
    const { status } = await ensureSubscription(world.host, {
      criteria,
      endpoint: notifyEndpoint(config, file.id, { key, notifyPath }),
      headers: [`${secretHeader}: ${notificationSecret(config, file.id, key)}`],
      payload: 'application/fhir+json',
      reason: 'Qasid plans reminders for visits',
    })
    states.push(status)
  }
  return states.every((status) => status === 'active')
}
