/** A webhook of the sandbox's carrier, signed as it signs. */
import { createHmac } from 'node:crypto'
import type { Post } from './load.ts'
import type { SmallDeployment } from './small-deployment.ts'

export function signedPost(
  { install, webhookSecret }: Pick<SmallDeployment, 'install' | 'webhookSecret'>,
  sender: string,
  event: object,
): Post {
  const body = JSON.stringify(event)
  const signature = createHmac('sha256', webhookSecret).update(body).digest('hex')
  return {
    path: `/webhooks/${install}/${sender}`,
    headers: { 'content-type': 'application/json', 'x-mock-signature': `sha256=${signature}` },
    body,
  }
}
