/**
 * `/launch`: the EMR sends the clinician here, or a link does. Nothing is left in the address for the SMART library to read.
 */
import FHIR from 'fhirclient'
import { z } from 'zod'
import { directionOf, initialLanguage, words } from '../words/words.ts'
import './launch.css'
import { readLaunch } from './launch-parameters.ts'
import { type LaunchTrouble, startLaunch } from './start-launch.ts'

// zod would otherwise try out whether it may generate code, which the content security policy reports.
z.config({ jitless: true })

const language = initialLanguage(null, localStorage.getItem('qasid.language'), navigator.languages)
const parameters = readLaunch(location.search)
history.replaceState(null, '', location.pathname)
say('checking')

startLaunch(parameters, {
  fetch: (...call) => fetch(...call),
  authorize: (authorization) => FHIR.oauth2.authorize(authorization),
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  storage: sessionStorage,
  go: (address) => location.replace(address),
}).then((trouble) => trouble && say(trouble))

function say(what: LaunchTrouble | 'checking'): void {
  document.documentElement.lang = language
  document.documentElement.dir = directionOf(language)
  document.title = words[language].app.title
  const place = document.getElementById('launch')
  if (place) place.textContent = words[language].launch[what]
}
