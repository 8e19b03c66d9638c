/** Twilio's records forget: a message's body is emptied, its media are deleted, each only once the message is over. */
import { type Request, type Response, Router } from 'express'
import type { PhoneMessage } from '../phones/ledger.ts'
import type { CarrierDesk } from '../phones/wire.ts'
import { refuse } from './twilio-refusals.ts'

/** `gone` are the media that were deleted; a phone that has them keeps them. */
export function redactionRoutes(
  desk: CarrierDesk,
  gone: Set<string>,
  recordOf: (one: PhoneMessage) => object,
) {
  const router = Router({ mergeParams: true })
  router.post('/:sid.json', (request: Request<{ sid: string }>, response: Response) => {
    const found = desk.holds(request.params.sid)
    if (!found) return notFound(response)
    if (request.body?.Body !== '') return refuse(response, 400, 20001, 'A body can only be emptied.')
    if (isOnItsWay(found)) return notOver(response)
    desk.redact(found.id)
    return response.json(recordOf(found))
  })
  router.get('/:sid/Media.json', (request: Request<{ sid: string }>, response: Response) => {
    const found = desk.holds(request.params.sid)
    if (!found) return notFound(response)
    const kept = [found.file].flatMap((file) => (file && !gone.has(file.id) ? [file] : []))
    const list = kept.map(({ id, contentType }) => ({ sid: id, content_type: contentType }))
    return response.json({ media_list: list, next_page_uri: null })
  })
  router.delete('/:sid/Media/:file.json', (request: Request<{ sid: string; file: string }>, response) => {
    const found = desk.holds(request.params.sid)
    const { file } = request.params
    if (found?.file?.id !== file || gone.has(file)) return notFound(response)
    if (isOnItsWay(found)) return notOver(response)
    gone.add(file)
    return response.status(204).end()
  })
  return router
}

function isOnItsWay({ direction, status }: PhoneMessage): boolean {
  return direction === 'to-patient' && status === 'queued'
}

function notFound(response: Response): Response {
  return refuse(response, 404, 20404, 'Not found.')
}

function notOver(response: Response): Response {
  return refuse(response, 400, 20009, 'Delivery of the message is not complete.')
}
