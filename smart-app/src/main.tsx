/** `/app`: the app's root. Clock, randomness, network and storage are named here and handed down. */
import './look/app.css'
import { DirectionProvider, MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import FHIR from 'fhirclient'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { z } from 'zod'
import { instant, minute } from '../../src/domain/time.ts'
import { mayPass } from './chart/fhir-host.ts'
import { Fallback } from './launch/Fallback.tsx'
import { Opened, type OpeningEnd, OpeningNow } from './launch/Opened.tsx'
import { openChart, type Surroundings } from './launch/open-chart.ts'
import { cssVariables, theme } from './look/theme.ts'
import { rememberedLanguage } from './words/use-language.ts'
import { createWords, directionOf, initialLanguage } from './words/words.ts'

// zod would otherwise try out whether it may generate code, which the content security policy reports.
z.config({ jitless: true })

const surroundings: Surroundings = {
  fetch: (...call) => fetch(...call),
  storage: sessionStorage,
  now: () => instant(Date.now()),
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  origin: location.origin,
}

const asked = new URLSearchParams(location.search).get('lang')
const language = initialLanguage(asked, localStorage.getItem(rememberedLanguage), navigator.languages)
const words = createWords(language)

/** One further try, unless the host said no: then the screen says so and offers another. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: minute,
      gcTime: Number.POSITIVE_INFINITY,
      retry: (failures, error) => failures < 1 && mayPass(error),
    },
  },
})

async function open(): Promise<OpeningEnd> {
  try {
    return await openChart(await FHIR.oauth2.ready(), surroundings)
  } catch {
    return { kind: 'closed' }
  }
}

const opening = open()
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <DirectionProvider initialDirection={directionOf(language)} detectDirection={false}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
          <I18nextProvider i18n={words}>
            <QueryClientProvider client={queries}>
              <Fallback words={words.t('trouble.broken')} reload={words.t('trouble.reload')}>
                <Suspense fallback={<OpeningNow />}>
                  <Opened opening={opening} />
                </Suspense>
              </Fallback>
            </QueryClientProvider>
          </I18nextProvider>
        </MantineProvider>
      </DirectionProvider>
    </StrictMode>,
  )
