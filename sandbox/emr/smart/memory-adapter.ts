/**
 * Where `oidc-provider` keeps codes, grants and interactions: in memory, gone with the process, as everything else in
 * the sandbox. Clients that are not configured statically are looked up by `findClient`.
 */
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

interface Entry {
  payload: AdapterPayload
  until: number
}

type FindClient = (id: string) => Promise<AdapterPayload | undefined>

export function createMemoryAdapter(findClient: FindClient, now: () => number): AdapterFactory {
  const entries = new Map<string, Entry>()
  return (model) => {
    const kept = createKept(entries, model, now)
    return model === 'Client' ? { ...kept, find: findClient } : kept
  }
}

function createKept(entries: Map<string, Entry>, model: string, now: () => number): Adapter {
  const keyOf = (id: string) => `${model}:${id}`

  function findWhere(matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, { payload, until }] of entries) {
      if (key.startsWith(`${model}:`) && until > now() && matches(payload)) return payload
    }
    return undefined
  }

  return {
    async upsert(id, payload, expiresIn) {
      for (const [key, { until }] of entries) if (until <= now()) entries.delete(key)
      entries.set(keyOf(id), { payload, until: expiresIn ? now() + expiresIn * 1000 : Infinity })
    },
    async find(id) {
      const entry = entries.get(keyOf(id))
      return entry && entry.until > now() ? entry.payload : undefined
    },
    async findByUid(uid) {
      return findWhere((payload) => payload.uid === uid)
    },
    async findByUserCode(userCode) {
      return findWhere((payload) => payload.userCode === userCode)
    },
    async consume(id) {
      const entry = entries.get(keyOf(id))
      if (entry) entry.payload = { ...entry.payload, consumed: Math.floor(now() / 1000) }
    },
    async destroy(id) {
      entries.delete(keyOf(id))
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) {
        if (key.startsWith(`${model}:`) && payload.grantId === grantId) entries.delete(key)
      }
    },
  }
}
