/** What must be connected is: every route has its proof, every job its flow, every queue its worker, every reason its words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { words } from '../smart-app/src/words/words.ts'
import { reasons } from '../src/domain/reason.ts'
import { standardTemplates } from '../src/domain/standard-templates.ts'
import type { Route } from '../src/http/route.ts'
import { webRoutes } from '../src/http/web.ts'
import { invent, startWeb, type Web } from './http/web-under-test.ts'
import { readSource, readSources } from './source-files.ts'

const routes = webRoutes(invent().parts)
const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method} ${path}`

describe('routes', () => {
  let web: Web
  beforeAll(async () => {
    web = await startWeb()
  })
  afterAll(() => web.stop())

  /** Adding one here is a decision: anyone may call it. */
  const open = [
    'get /ready',
    'get /health',
    'get /metrics',
    'get /plugin.manifest.json',
    'get /.well-known/jwks.json',
    'get /.well-known/jwks/:install.json',
    'get /api/launch-check',
    'post /api/session',
    'get /api/openapi.json',
    'get /cds-services',
    'options /cds-services',
    'options /cds-services/:id',
    'options /cds-services/:id/feedback',
    'get /launch',
    'get /app',
  ]

  it('that are open say why, and are those listed here', () => {
    const found = routes.flatMap(({ guard, ...route }) =>
      guard.kind === 'open' ? [[nameOf(route), guard.because.length > 10]] : [],
    )
    expect(found).toEqual(open.map((name) => [name, true]))
  })

  const guarded = routes.filter(({ guard }) => guard.kind !== 'open')

  it.each(
    guarded.map((route) => [nameOf(route), route] as const),
  )('%s refuses who proves nothing', async (_name, { method, path }) => {
    const place = path
      .replace('{/*path}', '/Appointment/v1')
      .replace(':install', 'sample-clinic')
      .replace(':key', 'appointments')
      .replace(':sender', 'sms')
      .replace(':token', 'x')
      .replace(':id', 'r1')
    expect(place).not.toMatch(/[:{*]/)
    const response = await fetch(`${web.url}${place}`, { method: method.toUpperCase() })
    expect(response.status).toBe(401)
    expect(web.jobs.pending()).toEqual([])
  })

  it('are all in the list that is checked here', () => {
    const files = readSources('src/http')
    const served = files.flatMap(({ path, code }) =>
      /\bapp\s*\.(get|post|put|delete|all|route)\(/.test(code) ? [path] : [],
    )
    expect(served).toEqual([])
    expect(new Set(routes.map(nameOf)).size).toBe(routes.length)
  })

  it('read raw bytes where a signature or a hint is checked', () => {
    for (const { guard, body } of guarded)
      if (['notification-secret', 'provider-signature'].includes(guard.kind))
        expect([guard.kind, body]).toEqual([guard.kind, 'raw'])
  })
})

describe('jobs and queues', () => {
  /** The names within `kind: '…'` of a union. */
  const kindsOf = (path: string, union: string) => {
    const text = new RegExp(`export type ${union} =\\n([\\s\\S]*?)\\n\\n`).exec(readSource(path).text)?.[1]
    return [...(text ?? '').matchAll(/kind: '([a-z-]+)'/g)].map(([, kind = '']) => kind)
  }
  const casesIn = (code: string) => [...code.matchAll(/case '([a-z-]+)'/g)].map(([, kind = '']) => kind)

  it('every kind of job has a flow', () => {
    const kinds = kindsOf('src/flows/ports.ts', 'Job')
    const [runner, ...more] = readSources('src').filter(
      ({ code }) => /switch \(job\.kind\)/.test(code) && /sendMessage\(/.test(code),
    )
    expect(kinds).toContain('send')
    expect(more).toEqual([])
    expect(casesIn(runner?.code ?? '').sort()).toEqual(kinds.sort())
  })

  it('every result of a job has its consequence in the queue', () => {
    const kinds = kindsOf('src/flows/ports.ts', 'JobResult')
    const workers = readSource('src/queue/workers.ts').code
    expect(kinds).toContain('later')
    for (const kind of kinds.filter((one) => one !== 'done')) expect(workers).toContain(`'${kind}'`)
  })

  it('every outcome and every event of a provider has its consequence', () => {
    const flows = readSources('src/flows', 'src/http')
    const outcomes = kindsOf('src/domain/outcome.ts', 'Outcome')
    expect(outcomes).toHaveLength(7)
    const table = flows.filter(({ code }) => /case 'misconfigured'/.test(code)).map(({ code }) => code)
    expect(outcomes.filter((kind) => !casesIn(table.join('\n')).includes(kind))).toEqual([])
    const events = ['delivery', 'hint', 'inbound', 'template', 'ignored']
    const webhooks = readSource('src/http/webhooks.ts').code
    expect(events.filter((kind) => !casesIn(webhooks).includes(kind))).toEqual([])
  })

  it('every queue has a name of its own, something that fills it and something that empties it', () => {
    const names = [...readSource('src/queue/queue-names.ts').code.matchAll(/function (\w+Queue)\(/g)]
    const fills = readSources('src/queue').filter(({ code }) =>
      /\.(add|addBulk|upsertJobScheduler)\(/.test(code),
    )
    const empties = readSources('src/queue').filter(({ code }) => /new Worker\b/.test(code))
    expect(names.length).toBeGreaterThan(2)
    for (const [, name = ''] of names) {
      const uses = (files: typeof fills) => files.some(({ code }) => code.includes(`${name}(`))
      expect([name, uses(fills), uses(empties)]).toEqual([name, true, true])
    }
  })

  it('the worker starts every part that empties a queue', () => {
    const compose = readSources('src/compose')
      .map(({ code }) => code)
      .join('\n')
    const parts = readSources('src/queue')
      .filter(({ code }) => /new Worker\b/.test(code))
      .flatMap(({ code }) =>
        [...code.matchAll(/^export function (create\w+)/gm)].map(([, name = '']) => name),
      )
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.filter((name) => !compose.includes(`${name}(`))).toEqual([])
  })
})

describe('reasons', () => {
  const names = Object.keys(reasons).sort()

  it.each(Object.keys(words) as (keyof typeof words)[])('all have words in %s', (language) => {
    expect(Object.keys(words[language].reasons).sort()).toEqual(names)
    expect(Object.values(words[language].reasons).filter((sentence) => !sentence.trim())).toEqual([])
  })

  /** In the closed list, because hosts and screens already know them; not yet given by us. */
  const reserved: Record<string, string> = {}

  it('are all given somewhere, or reserved for a stated reason', () => {
    const code = readSources('src', 'smart-app/src')
      .filter(({ path }) => path !== 'src/domain/reason.ts' && !path.includes('/words/'))
      .map((file) => file.code)
      .join('\n')
    const unused = names.filter((name) => !code.includes(`'${name}'`))
    expect(unused).toEqual(Object.keys(reserved).sort())
  })
})

describe('templates', () => {
  const known = standardTemplates.map(({ name }) => name)

  it('that answers use are there', () => {
    const union = /export type ReplyTemplate =\n((?: +\|.*\n)+)/.exec(readSource('src/domain/answer.ts').text)
    const used = [...(union?.[1] ?? '').matchAll(/'([a-z-]+)'/g)].map(([, name = '']) => name)
    expect(used.length).toBeGreaterThan(5)
    expect(used.filter((name) => !known.includes(name))).toEqual([])
  })

  it('that are there are used', () => {
    const code = readSources('src', 'sandbox/demo')
      .filter(({ path }) => !path.includes('standard-templates'))
      .map((file) => file.code)
      .join('\n')
    // Found by the name of the one beside them; a clinic may name them in a rule of its own.
    const unasked = ['visit-reminder-confirmed', 'visit-reminder-several', 'visit-reminder-one-way']
    expect(known.filter((name) => !code.includes(`'${name}'`))).toEqual(unasked)
  })
})
