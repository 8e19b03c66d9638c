/**
 * What `/.well-known/smart-configuration` says, drawn from what this host can do.
 * https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html
 */
import type { SmartAbility } from '../likes/like.ts'
import { contextScopes } from './scopes.ts'

export interface SmartConfiguration {
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
  registration_endpoint?: string
  [claim: string]: unknown
}

const levels = ['patient', 'user', 'system'] as const

export function smartConfiguration(
  issuer: string,
  ability: SmartAbility,
  registrationEndpoint: string | undefined,
): SmartConfiguration {
  const { scopes } = ability
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    ...(registrationEndpoint && { registration_endpoint: registrationEndpoint }),
    token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES384', 'RS384'],
    grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: [
      ...contextScopes,
      ...(scopes.includes('v2') ? levels.map((level) => `${level}/*.cruds`) : []),
      ...(scopes.includes('v1') ? levels.map((level) => `${level}/*.*`) : []),
    ],
    capabilities: [
      'launch-ehr',
      'launch-standalone',
      'client-public',
      'client-confidential-asymmetric',
      'context-ehr-patient',
      'context-standalone-patient',
      'context-banner',
      'permission-patient',
      'permission-user',
      'permission-online',
      'permission-offline',
      ...scopes.map((version) => `permission-${version}`),
      'sso-openid-connect',
    ],
  }
}
