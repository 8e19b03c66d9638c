/** How the sandbox itself, and its own carrier, says no: `{ code, message }`. */
import type { Response } from 'express'

export function refuse(response: Response, status: number, code: string, message: string): Response {
  return response.status(status).json({ code, message })
}
