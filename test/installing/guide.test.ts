/** What docs/installing.md tells an admin to write and to type. */
import { describe, expect, it } from 'vitest'
import { installOptions } from '../../src/compose/commands/install.ts'
import { readSource } from '../source-files.ts'
import { startDeployment, startHost } from './clinic-to-install.ts'

const { text } = readSource('docs/installing.md')

describe('the guide to installing', () => {
  it('shows a clinic.json that an EMR is installed with', async () => {
    const clinic = JSON.parse(/```json\n([\s\S]+?)```/.exec(text)?.[1] ?? '') as object
    const deployment = await startDeployment({ clinic, env: { TWILIO_AUTH_TOKEN: 'a'.repeat(32) } })
    const host = await startHost(deployment.baseUrl, 'full')
    const { err, code } = await deployment.qasid('install', host.fhirUrl, '--with', 'clinic.json')
    expect([code, err.split('\n').at(-1)]).toEqual([
      0,
      'A running qasid serve and qasid work take it in by themselves, within seconds.',
    ])
  })

  it('names every option', () => {
    expect(Object.keys(installOptions).filter((name) => !text.includes(`--${name}`))).toEqual([])
  })
})
