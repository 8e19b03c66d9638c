/** What a server knows us by, as an install file keeps it: what opens a registration is sealed. */
import type { Registered, RegisteredBefore } from '../../domain/registration.ts'
import type { Standing } from '../../flows/install-host.ts'
import type { InstallFile } from '../../install-file.ts'
import { seal, unseal } from '../../seal.ts'

export type KeptRegistration = NonNullable<InstallFile['registration']>

export function keepRegistration(
  key: Uint8Array,
  { dialect, registered, asked }: Standing,
): KeptRegistration {
  const ours = [registered.worker, registered.app].filter((one) => one !== undefined)
  return {
    dialect,
    clients: ours.map(({ clientId, uri, token }) => ({
      ...{ clientId, ...(uri && { uri }) },
      ...(token && { token: seal(key, token) }),
    })),
    made: registered.made,
    asked,
  }
}

/** The worker stands first. Throws where it was sealed under another key. */
export function openRegistration(key: Uint8Array, kept: KeptRegistration): RegisteredBefore {
  const [worker, app] = kept.clients.map(({ clientId, uri, token }) => ({
    ...{ clientId, ...(uri && { uri }) },
    ...(token && { token: unseal(key, token) }),
  }))
  const { dialect, made, asked } = kept
  const registered: Registered = { ...(worker && { worker }), ...(app && { app }), made }
  return { dialect, registered, asked }
}
