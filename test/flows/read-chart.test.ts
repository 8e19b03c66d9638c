/** What is ours of a chart, given out to one patient's clinician: nothing of another patient, and nothing missed between pages. */
import type { Bundle, Communication, Task } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { after, minute, toIso } from '../../src/domain/time.ts'
import { type ChartWish, type OwnType, readFromChart, searchChart } from '../../src/flows/read-chart.ts'
import { createMemoryEmr } from '../fakes/emr.ts'
import { startOfDay } from '../fakes/world.ts'

const sara = 'Patient/sara'

/** One more each minute, unless the moment is told. */
function clinic() {
  let at = startOfDay
  const store = createMemoryEmr({ now: () => at })
  return {
    store,
    say(id: string, differs: Partial<Communication> = {}, wait = minute) {
      at = after(at, wait)
      store.put({
        resourceType: 'Communication',
        id,
        status: 'completed',
        subject: { reference: sara },
        ...differs,
      })
    },
    search: (wish: Partial<ChartWish> = {}, type: OwnType = 'Communication') =>
      searchChart({ store }, type, sara, { count: 200, ...wish }),
  }
}

function idsIn(bundle: Bundle): (string | undefined)[] {
  return (bundle.entry ?? []).map(({ resource }) => resource?.id)
}

/** As a client does, by the links alone. */
async function turnPages(first: Bundle, next: (page: string) => Promise<Bundle>): Promise<string[]> {
  const ids: (string | undefined)[] = []
  for (let page: Bundle | undefined = first; page; ) {
    ids.push(...idsIn(page))
    const link: string | undefined = page.link?.[0]?.url
    page = link
      ? await next(new URL(link, 'https://qasid.example/api/chart/').searchParams.get('page') ?? '')
      : undefined
  }
  return ids.map(String)
}

describe('a search in our part of the chart', () => {
  it('finds what is this patient’s', async () => {
    const { say, search } = clinic()
    say('hers')
    say('others', { subject: { reference: 'Patient/omar' } })
    say('nobodys', { subject: undefined })
    expect(idsIn(await search())).toEqual(['hers'])
  })

  it('gives nothing of another patient, also where the store does not heed what it is asked', async () => {
    const { store } = clinic()
    const careless = {
      ...store,
      search: async () => [{ resourceType: 'Task', id: 'his', for: { reference: 'Patient/omar' } }],
    }
    const found = await searchChart({ store: careless as never }, 'Task', sara, { count: 10 })
    expect(found.entry).toEqual([])
  })

  it('looks at the status where that is asked', async () => {
    const { say, search } = clinic()
    say('said')
    say('unsaid', { status: 'not-done' })
    expect(idsIn(await search({ status: 'not-done' }))).toEqual(['unsaid'])
  })

  it.each([1, 3, 7, 100])('gives all of a long thread once, %i at a time', async (count) => {
    const { say, search } = clinic()
    for (let nth = 0; nth < 20; nth += 1) say(`m${nth}`)
    const ids = await turnPages(await search({ count }), (after) => search({ count, after }))
    expect(ids).toEqual(Array.from({ length: 20 }, (_, nth) => `m${nth}`))
  })

  it('gives what was written in one moment on one page', async () => {
    const { say, search } = clinic()
    say('before')
    say('same-0')
    for (const nth of [1, 2, 3, 4]) say(`same-${nth}`, {}, 0)
    say('after')
    const first = await search({ count: 2 })
    expect(idsIn(first).toSorted()).toEqual(['before', 'same-0', 'same-1', 'same-2', 'same-3', 'same-4'])
    const ids = await turnPages(first, (after) => search({ count: 2, after }))
    expect(ids).toHaveLength(7)
    expect(ids.at(-1)).toBe('after')
  })

  it('misses nothing that changes while the pages are turned', async () => {
    const { say, search, store } = clinic()
    for (let nth = 0; nth < 6; nth += 1) say(`m${nth}`)
    const first = await search({ count: 3 })
    say('m4', { status: 'stopped' })
    say('new')
    const ids = await turnPages(first, (after) => search({ count: 3, after }))
    expect(new Set(ids)).toEqual(new Set(store.all('Communication').map(({ id }) => id)))
  })
})

describe('one of our resources', () => {
  it('is read by its patient, and is not there for another', async () => {
    const { say, store } = clinic()
    say('hers')
    expect(await readFromChart({ store }, 'Communication', 'hers', sara)).toMatchObject({ id: 'hers' })
    expect(await readFromChart({ store }, 'Communication', 'hers', 'Patient/omar')).toBeUndefined()
    expect(await readFromChart({ store }, 'Communication', 'none', sara)).toBeUndefined()
  })

  it('that is nobody’s is shown to nobody', async () => {
    const { store } = clinic()
    const task: Task = { resourceType: 'Task', id: 't', status: 'requested', intent: 'order' }
    store.put({ ...task, authoredOn: toIso(startOfDay) })
    expect(await readFromChart({ store }, 'Task', 't', sara)).toBeUndefined()
  })
})
