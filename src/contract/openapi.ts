/** OpenAPI 3.1, made from the schemas that both sides parse with: it cannot say anything else than they do. */
import { z } from 'zod'
import { problem } from './api.ts'
import type { Operation, Shape } from './operation.ts'
import { operations } from './operations.ts'

const problemShape: Shape = {
  name: 'Problem',
  schema: problem,
  example: { error: 'One sentence that says what is wrong.' },
}

type Json = Record<string, unknown>

/** `baseUrl` is where we are reached. */
export function openApi(baseUrl: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Qasid',
      version: '1',
      description:
        'Messages to patients, for the EMR’s own code. Every message is judged for consent, quiet hours and what was already sent; no answer holds text, name or number of a patient.',
    },
    servers: [{ url: baseUrl }],
    paths: Object.fromEntries(
      [...Map.groupBy(operations, ({ path }) => path)].map(([path, all]) => [
        path,
        Object.fromEntries(all.map((one) => [one.method, toOperation(one)])),
      ]),
    ),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'A key of the install file’s api list' },
        session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
      schemas: Object.fromEntries(shapes().map(({ shape, io }) => [shape.name, schemaOf(shape, io)])),
    },
  }
}

/** JSON Schema 2020-12 of one shape; what comes in may leave defaults out. */
export function schemaOf({ schema }: Shape, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io })
  return rest
}

/** Each once, whichever operations share it. */
export function shapes(): { shape: Shape; io: 'input' | 'output' }[] {
  const all = operations.flatMap(({ request, answers }) => [
    ...(request ? [{ shape: request as Shape, io: 'input' as const }] : []),
    ...Object.values(answers).flatMap(({ body }) => (body ? [{ shape: body, io: 'output' as const }] : [])),
  ])
  const named = [...all, { shape: problemShape, io: 'output' as const }].map(
    (one) => [one.shape.name, one] as const,
  )
  return [...new Map(named).values()]
}

const securityOf: Record<Operation['security'], Json[]> = {
  'api-key': [{ apiKey: [] }],
  session: [{ session: [] }],
  none: [],
}

function toOperation({ summary, security, parameters = [], request, answers }: Operation): Json {
  return {
    summary,
    security: securityOf[security],
    ...(parameters.length > 0 && {
      parameters: parameters.map(({ about, ...rest }) => ({
        ...rest,
        description: about,
        schema: { type: 'string' },
      })),
    }),
    ...(request && { requestBody: { required: request.required, content: contentOf(request) } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, { about, body }]) => [
        status,
        { description: about, ...contentFor(Number(status), body) },
      ]),
    ),
  }
}

function contentFor(status: number, body: Shape | undefined): { content?: Json } {
  const shape = body ?? (status >= 400 ? problemShape : undefined)
  return shape ? { content: contentOf(shape) } : {}
}

function contentOf({ name, example }: Shape): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` }, example } }
}
