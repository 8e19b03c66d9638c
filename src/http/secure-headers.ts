/** Headers that keep the app to itself: scripts only of ours, connections only to us and the hosts, frames only in them. */
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { WebParts } from './parts.ts'

export function secureHeaders({ installs }: Pick<WebParts, 'installs'>): RequestHandler {
  // Hosts may tell where their tokens are long after our start.
  const connections = () => [...new Set(installs.flatMap((install) => install.origins()))].join(' ')
  const hosts = [...new Set(installs.map((install) => new URL(install.fhirBase).origin))]
  const frames = installs.flatMap((install) => install.frameAncestors)
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Mantine writes its theme's variables into a style element.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'", connections],
        formAction: ["'self'", ...hosts],
        frameAncestors: ["'self'", ...hosts, ...frames],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // The frame-ancestors above say it finer.
    frameguard: false,
    crossOriginResourcePolicy: false,
    crossOriginOpenerPolicy: false,
    // Behind TLS the proxy sets it; on localhost it would lock out plain http.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
}
