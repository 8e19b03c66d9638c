/** How the sample clinic is installed in each EMR that the sandbox can be like: what an admin would type. */
import type { LikeName } from '../emr/likes/index.ts'

export interface DemoHost {
  /** A FHIR server of our own stands beside it. */
  hasStore: boolean
  /** After the FHIR base and `--with`. */
  args: string[]
  /** Apps can be launched from its charts. */
  launches: boolean
}

/** The clients that such a host's admin has typed in beforehand. */
const typedIn = ['--client-id', 'qasid-worker', '--app-client-id', 'qasid-app']

export const demoHosts: Record<LikeName, DemoHost> = {
  full: { hasStore: false, args: [], launches: true },
  hapi: { hasStore: false, args: [], launches: false },
  medplum: { hasStore: false, args: ['--token-env', 'SANDBOX_ADMIN_TOKEN'], launches: true },
  epic: { hasStore: true, args: [...typedIn, '--write-back'], launches: true },
  oracle: { hasStore: true, args: typedIn, launches: true },
  openemr: { hasStore: true, args: [], launches: true },
}

/** Of the sandbox, and of the sandbox only. */
export const adminToken = 'sandbox-admin'
