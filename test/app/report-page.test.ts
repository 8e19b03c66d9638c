import { describe, expect, it } from 'vitest'
import { aboutWords, fill } from '../../smart-app/src/about/about-words.ts'
import { type Verdict, viewReport } from '../../smart-app/src/about/report-view.ts'
import { senderWellness } from '../../smart-app/src/about/sender-wellness.ts'
import { readReport } from '../../smart-app/src/about/use-report.ts'
import type { InstallReport } from '../../src/contract/report.ts'
import { languages } from '../../src/domain/language.ts'
import { reported } from '../../src/domain/report-words.ts'
import { sampleReport } from '../report-sample.ts'

const well: InstallReport['now'] = {
  changes: { rung: 'poll', because: ['no-subscriptions'] },
  parts: [{ part: 'worker', ok: true }],
  senders: [{ id: 'sms', channel: 'sms', health: 1 }],
}
const view = (change: { report?: object; now?: Partial<InstallReport['now']> } = {}) =>
  viewReport({ report: { ...sampleReport, ...change.report }, now: { ...well, ...change.now } })
const rowsOf = (shown: ReturnType<typeof view>, group: string) =>
  shown.groups.find(({ name }) => name === group)?.rows.map(({ need }) => need)

describe('the report as it is read', () => {
  it('stands in five groups, with what is missing first', () => {
    const shown = view()
    expect(shown.groups.map(({ name }) => name)).toEqual([
      ...['people', 'records', 'changes', 'safety', 'channels'],
    ])
    expect(rowsOf(shown, 'people')).toEqual(['visits', 'launch', 'Patient', 'Appointment'])
    expect(rowsOf(shown, 'records')).toEqual(['DocumentReference', 'Consent', 'Communication'])
    expect(rowsOf(shown, 'safety')).toEqual(['batch', 'scopes', 'conditional-create'])
    expect(shown.counts).toEqual({ native: 5, polled: 2, sidecar: 2, missing: 3 })
  })

  it('has a place for every line that has words, and for those that have none', () => {
    const rows = [...Object.keys(reported), 'Slot', 'clock'].map((need) => ({
      ...{ need, way: 'native' as const, says: 'It is there.' },
    }))
    const shown = view({ report: { rows } })
    expect(shown.groups.flatMap((group) => group.rows)).toHaveLength(rows.length)
    expect(rowsOf(shown, 'records')).toContain('Slot')
    expect(rowsOf(shown, 'safety')).toContain('clock')
  })

  it('leaves a group out that has no lines', () => {
    expect(view({ report: { rows: [] } }).groups).toEqual([])
  })

  it('tells how changes come now, and what was foreseen only where it is something else', () => {
    const changes = (now: InstallReport['now']['changes']) =>
      view({ now: { changes: now } })
        .groups.find(({ name }) => name === 'changes')
        ?.rows.map(({ way, detail, foreseen }) => [way, detail, foreseen])
    expect(changes({ rung: 'poll', because: ['no-subscriptions'] })).toEqual([
      ['polled', 'poll no-subscriptions', undefined],
    ])
    expect(changes({ rung: 'criteria', because: [] })).toEqual([
      ['native', 'criteria', undefined],
      ['polled', 'poll', true],
    ])
    expect(changes(undefined)).toEqual([['polled', 'poll', undefined]])
  })

  it('does not count what is not in force', () => {
    const { counts } = view({ now: { changes: { rung: 'criteria', because: [] } } })
    expect([counts.native, counts.polled]).toEqual([6, 1])
  })

  it.each<[Verdict, string, Parameters<typeof view>[0]]>([
    ['ready', 'all is well', {}],
    ['not-ready', 'something stands against it', { report: { against: ['No store.'] } }],
    ['troubled', 'a part does not answer', { now: { parts: [{ part: 'store', ok: false }] } }],
    [
      'troubled',
      'a sender is paused',
      { now: { senders: [{ id: 'sms', channel: 'sms', health: 1, paused: 'x' }] } },
    ],
  ])('is %s where %s', (verdict, _where, change) => {
    expect(view(change).verdict).toBe(verdict)
  })
})

describe('a sender', () => {
  it.each([
    [{ health: 1 }, 'well'],
    [{ health: 0.3 }, 'troubled'],
    [{ health: 1, isCutOff: true }, 'cut-off'],
    [{ health: 0.3, isCutOff: true, paused: 'unauthorized' }, 'paused'],
  ] as const)('with %j is %s', (sender, wellness) => {
    expect(senderWellness(sender)).toBe(wellness)
  })
})

describe('the answer of our server', () => {
  const answering = (status: number, body: unknown) =>
    readReport({ fetch: async () => new Response(JSON.stringify(body), { status }) })

  it('is the report, or that there is none', async () => {
    const report = { report: sampleReport, now: well }
    expect(await answering(200, report)).toEqual({ kind: 'read', report })
    expect(await answering(404, { error: 'This EMR was never examined.' })).toEqual({
      kind: 'never-examined',
    })
  })

  it.each([
    [401, {}],
    [403, {}],
    [503, {}],
    [200, { report: 'of another shape' }],
  ])('is an error where it is %i %j', async (status, body) => {
    await expect(answering(status, body)).rejects.toThrow()
  })
})

/** Every string by its path, `parts.store.ok`. */
function strings(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : strings(value, `${path}${key}.`),
  )
}

describe.each(languages)('the words of the screen in %s', (language) => {
  it('are all there, with the same holes', () => {
    const own = new Map(strings(aboutWords[language]))
    const english = strings(aboutWords.en)
    expect([...own.keys()].toSorted()).toEqual(english.map(([path]) => path).toSorted())
    const holes = (text = '') => text.split('{}').length
    for (const [path, text] of english) {
      expect(own.get(path)?.trim(), path).not.toBe('')
      expect([path, holes(own.get(path))]).toEqual([path, holes(text)])
    }
  })
})

it('fills each hole in turn', () => {
  expect(fill('{} of {}', 4, 6)).toBe('4 of 6')
})
