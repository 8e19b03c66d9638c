/**
 * Headers that keep the app to itself: scripts only of ours, connections only to us and the hosts. Its two pages may stand
 * in the hosts' frames; nothing else may stand in any.
 */
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { WebParts } from './parts.ts'

/** To the letter: what Express takes for the same path, spelled otherwise, is framed by nobody. */
const framed = ['/launch', '/app']

export function secureHeaders({ installs }: Pick<WebParts, 'installs'>): RequestHandler {
  // Hosts may tell where their tokens are long after our start.
  const connections = () => [...new Set(installs.flatMap((install) => install.origins()))].join(' ')
  const hosts = [...new Set(installs.map((install) => new URL(install.fhirBase).origin))]
  const frames = installs.flatMap((install) => install.frameAncestors)
  const inHosts = policy(["'self'", ...hosts, ...frames], { connections, hosts })
  const inNone = policy(["'none'"], { connections, hosts })
  return (request, response, next) =>
    (framed.includes(request.path) ? inHosts : inNone)(request, response, next)
}

function policy(
  frameAncestors: string[],
  { connections, hosts }: { connections: () => string; hosts: string[] },
): RequestHandler {
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
        frameAncestors,
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
