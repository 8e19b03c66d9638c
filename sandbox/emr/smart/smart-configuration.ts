/**
 * What `/.well-known/smart-configuration` says.
 * https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html
 */
import { contextScopes } from './scopes.ts'

export function smartConfiguration(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES384', 'RS384'],
    grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: [
      ...contextScopes,
      'patient/*.cruds',
      'user/*.cruds',
      'system/*.cruds',
      'patient/*.*',
      'user/*.*',
      'system/*.*',
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
      'permission-v1',
      'permission-v2',
      'sso-openid-connect',
    ],
  }
}
