/** What every call to the API needs: where it goes and with what token. */

export interface Account {
  accessToken: string
  phoneNumberId: string
  businessAccountId: string
  /** `v26.0`. */
  apiVersion: string
  baseUrl: string
}

/** `{baseUrl}/{version}/{path}`; ids of the company's are put into the path as they are meant, not as they read. */
export function endpoint(
  { baseUrl, apiVersion }: Account,
  path: string[],
  query: Record<string, string> = {},
): string {
  const url = new URL(
    `${baseUrl.replace(/\/+$/, '')}/${[apiVersion, ...path].map(encodeURIComponent).join('/')}`,
  )
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

export function authorization({ accessToken }: Account): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` }
}
