/**
 * The id_token must be the answer to our own question: the nonce that we asked with stands in it. Whether the host signed
 * it is for our server to say, who alone can check. https://openid.net/specs/openid-connect-core-1_0.html#NonceNotes
 */
const key = 'qasid.nonce'

/** Kept for this tab only. */
export function makeNonce(storage: Pick<Storage, 'setItem'>, nonce: string): string {
  storage.setItem(key, nonce)
  return nonce
}

/** A host that does not know nonces gives back none; one that gives back another answers somebody else. */
export function answersUs(idToken: string | undefined, storage: Pick<Storage, 'getItem'>): boolean {
  const given = idToken ? nonceIn(idToken) : undefined
  return given === undefined || given === storage.getItem(key)
}

function nonceIn(idToken: string): unknown {
  try {
    const body = (idToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    return (JSON.parse(atob(body)) as { nonce?: unknown }).nonce
  } catch {
    // No id_token at all: our server will say so.
    return undefined
  }
}
