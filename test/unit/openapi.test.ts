import { describe, expect, it } from 'vitest'
import { openApi, schemaOf, shapes } from '../../src/contract/openapi.ts'
import { operations } from '../../src/contract/operations.ts'
import { webRoutes } from '../../src/http/web.ts'
import { expectDocumented, schemaChecker } from '../http/documented.ts'
import { invent, iss, startWeb } from '../http/web-under-test.ts'

const routes = webRoutes(invent().parts).filter(({ path }) => path.startsWith('/api/'))
const check = schemaChecker()

describe('the OpenAPI document', () => {
  it('names every route of /api, and no other', () => {
    const served = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    const written = operations.map(({ method, path }) => `${method} ${path}`)
    expect(written.toSorted()).toEqual(served.toSorted())
  })

  it('says of each route what proves the caller', () => {
    const wanted = { 'api-key': 'api-key', session: 'session', none: 'open' }
    for (const { method, path, security } of operations) {
      const route = routes.find(
        (one) => one.method === method && one.path.replace(/:(\w+)/g, '{$1}') === path,
      )
      expect([path, route?.guard.kind]).toEqual([path, wanted[security]])
    }
  })

  it('foretells a refusal wherever there is something to prove', () => {
    for (const { path, security, answers } of operations)
      if (security !== 'none')
        expect([path, Object.keys(answers)]).toEqual([path, expect.arrayContaining(['401'])])
  })

  it('names every parameter of a path', () => {
    for (const { path, parameters = [] } of operations) {
      const inPath = parameters.flatMap((one) => (one.in === 'path' ? [one.name] : []))
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
    }
  })

  it('refers only to schemas that it holds', () => {
    const text = JSON.stringify(openApi('https://qasid.example'))
    const { components } = JSON.parse(text) as { components: { schemas: object } }
    const referred = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name)
    expect([...new Set(referred)].sort()).toEqual(Object.keys(components.schemas).sort())
    expect(text).not.toContain('"$schema"')
  })

  it.each(
    shapes().map((one) => [one.shape.name, one] as const),
  )('has an example of %s that is one', (name, one) => {
    const { schema, example } = one.shape
    expect(schema.safeParse(example).error?.issues).toBeUndefined()
    expect(check(`#/components/schemas/${name}`, example)).toEqual([])
  })

  it('uses each name for one schema', () => {
    const used = operations.flatMap(({ request, answers }) => [
      ...(request ? [{ shape: request, io: 'input' as const }] : []),
      ...Object.values(answers).flatMap(({ body }) => (body ? [{ shape: body, io: 'output' as const }] : [])),
    ])
    const schemas = used.map(({ shape, io }) => `${shape.name} ${JSON.stringify(schemaOf(shape, io))}`)
    expect(new Set(schemas).size).toBe(new Set(used.map(({ shape }) => shape.name)).size)
  })
})

describe('what the app is answered', () => {
  it('is as the document says', async () => {
    const web = await startWeb()
    const asked = { iss, idToken: 'good', patient: 'Patient/ada' }
    const post = (path: string, body: object, authorization = '') =>
      fetch(`${web.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify(body),
      })
    const answers = [
      ['GET', '/api/openapi.json', await fetch(`${web.url}/api/openapi.json`)],
      ['GET', '/api/launch-check', await fetch(`${web.url}/api/launch-check?iss=${iss}`)],
      ['GET', '/api/launch-check', await fetch(`${web.url}/api/launch-check?iss=https://other.example`)],
      ['POST', '/api/session', await post('/api/session', asked)],
      ['POST', '/api/session', await post('/api/session', { ...asked, idToken: 'forged' })],
      ['POST', '/api/nudge', await post('/api/nudge', {})],
      [
        'POST',
        '/api/nudge',
        await post('/api/nudge', { request: 'CommunicationRequest/r1' }, await web.bearer()),
      ],
    ] as const
    expect(answers.map(([, , { status }]) => status)).toEqual([200, 200, 404, 201, 401, 401, 202])
    for (const [method, path, response] of answers)
      expectDocumented(method, path, response.status, await response.text())
    await web.stop()
  })
})
