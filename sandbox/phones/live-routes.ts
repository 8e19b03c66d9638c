/** Server-sent events for the pages. Each event is the ready fragment, so a page needs no renderer of its own. */
import { type Response, Router } from 'express'
import { bubble } from './bubble.ts'
import { quickAnswers } from './handset-page.ts'
import { handsetOf, type Ledger, type PhoneMessage } from './ledger.ts'
import { readAddress } from './phone-address.ts'
import { lineOf } from './thread.ts'

export function liveRoutes(ledger: Ledger): Router {
  const router = Router()
  router.get('/live', (_request, response) => {
    stream(response, ledger, () => 'changed')
  })
  router.get('/live/:address', (request, response) => {
    const address = readAddress(request.params.address)
    stream(response, ledger, (message) => {
      if (handsetOf(message) !== address) return undefined
      const thread = ledger.of(address)
      const line = lineOf(message, thread)
      return { id: line.id, bubble: bubble(line, thread).markup, quick: quickAnswers(thread).markup }
    })
  })
  return router
}

function stream(response: Response, ledger: Ledger, toEvent: (message: PhoneMessage) => unknown): void {
  response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  // Says at once that the line is open, and how soon to come back when it breaks.
  response.write('retry: 1000\n\n')
  const unwatch = ledger.watch((message) => {
    const event = toEvent(message)
    if (event !== undefined) response.write(`data: ${JSON.stringify(event)}\n\n`)
  })
  response.on('close', unwatch)
}
