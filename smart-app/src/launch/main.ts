/**
 * `/launch`: the EMR sends the clinician here. We ask our own server whether we know that EMR before a single request
 * goes to it, and leave nothing in the address for the SMART library to read.
 */
import FHIR from 'fhirclient'
import { z } from 'zod'
import { directionOf, initialLanguage, words } from '../words/words.ts'
import './launch.css'
import { type LaunchParameters, readLaunch } from './launch-parameters.ts'

type Trouble = Exclude<keyof (typeof words)['en']['launch'], 'checking'>

const known = z.object({ clientId: z.string(), scope: z.string() })

// zod would otherwise try out whether it may generate code, which the content security policy reports.
z.config({ jitless: true })

const language = initialLanguage(null, localStorage.getItem('qasid.language'), navigator.languages)
const parameters = readLaunch(location.search)
history.replaceState(null, '', location.pathname)
say('checking')

if (!parameters) say('incomplete')
else launch(parameters).then((trouble) => trouble && say(trouble))

async function launch({ iss, launch }: LaunchParameters): Promise<Trouble | undefined> {
  const response = await fetch(`/api/launch-check?${new URLSearchParams({ iss })}`).catch(() => undefined)
  if (response?.status === 404) return 'unknownHost'
  if (!response?.ok) return 'unreachable'
  const client = known.safeParse(await response.json().catch(() => undefined))
  if (!client.success) return 'unreachable'
  try {
    await FHIR.oauth2.authorize({
      ...client.data,
      iss,
      launch,
      redirectUri: '/app',
      pkceMode: 'required',
      stateKey: unguessable(),
      // The EMR may show us in a frame: the whole of the launch stays in it.
      completeInTarget: true,
    })
    return undefined
  } catch {
    return 'refused'
  }
}

/** The library's own default is 16 characters of Math.random. */
function unguessable(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

function say(what: Trouble | 'checking'): void {
  document.documentElement.lang = language
  document.documentElement.dir = directionOf(language)
  document.title = words[language].app.title
  const place = document.getElementById('launch')
  if (place) place.textContent = words[language].launch[what]
}
