/** The built SMART app: `/launch` begins a launch, `/app` is where the host sends the clinician back to. */
import type { WebParts } from './parts.ts'
import type { Route } from './route.ts'

export function appRoutes({ appFolder }: WebParts): Route[] {
  const page = (path: string, file: string): Route => ({
    method: 'get',
    path,
    guard: { kind: 'open', because: 'static files; what they show is read with the clinician’s own token' },
    handle(_request, response) {
      response.set('cache-control', 'no-cache').sendFile(file, { root: appFolder })
    },
  })
  return [page('/launch', 'launch.html'), page('/app', 'index.html')]
}
