/** How one operation of `/api` is described. */
import type { ZodType } from 'zod'

export interface Shape {
  /** Its name among the document's schemas. */
  name: string
  schema: ZodType
  example: unknown
}

export interface Operation {
  method: 'get' | 'post'
  /** As OpenAPI writes it, `/api/messages/{id}`. */
  path: string
  summary: string
  security: 'api-key' | 'session' | 'none'
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required: boolean; about: string }[]
  request?: Shape & { required: boolean }
  /** Status → what it says; every refusal but 422 is one sentence. */
  answers: Record<number, { about: string; body?: Shape }>
}
