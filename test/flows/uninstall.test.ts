/** What is taken back is ours, whatever a server answers to a search. */
import type { FhirResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import type { Emr } from '../../src/flows/ports.ts'
import { uninstallHost } from '../../src/flows/uninstall-host.ts'
import { createWorld } from '../fakes/world.ts'

/** As R4 lets servers do with parameters that they do not know. */
function withoutParameters(emr: Emr): Emr {
  return { ...emr, search: (type) => emr.search(type, {}) }
}

describe('an uninstall on a server that ignores what it is asked by', () => {
  it('removes our settings and templates, and nothing of anybody else’s', async () => {
    const { world, emr } = await createWorld()
    const theirs: FhirResource[] = [
      { resourceType: 'Basic', id: 'theirs', code: { text: 'a list of beds' } },
      { resourceType: 'ActivityDefinition', id: 'protocol', status: 'active', name: 'Protocol' },
    ]
    for (const one of theirs) emr.put(one)
    const nothing = async () => []
    const done = await uninstallHost(
      {
        say: () => {},
        registrar: { register: () => Promise.reject(new Error('nobody registers')), unregister: nothing },
        resourceRegistrar: {
          register: () => Promise.reject(new Error('nobody registers')),
          unregister: nothing,
        },
      },
      {
        world: { install: world.install, store: withoutParameters(emr) },
        endSubscriptions: async () => ({ removed: 0, off: 0 }),
        published: [],
        clients: [],
      },
    )
    expect(done.removed).toBeGreaterThan(1)
    expect(emr.all('Basic').map(({ id }) => id)).toEqual(['theirs'])
    expect(emr.all('ActivityDefinition').map(({ id }) => id)).toEqual(['protocol'])
  })
})
