/** Whether the address asks for the screen about the install: `#about`, so that it can be linked to and gone back from. */
import { useSyncExternalStore } from 'react'

export const aboutHash = '#about'
export const chartHash = '#chart'

export function useAbout(): boolean {
  return useSyncExternalStore(listen, () => location.hash === aboutHash)
}

function listen(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}
