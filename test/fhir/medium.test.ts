/** A channel as FHIR's medium, in the words in which HL7 shows its codes. */
import { describe, expect, it } from 'vitest'
import { channels } from '../../src/domain/channel.ts'
import { fromMedium, toMedium } from '../../src/fhir/medium.ts'

describe('a medium', () => {
  it.each(channels)('of %s is read as that channel again', (channel) => {
    expect(fromMedium(toMedium(channel))).toBe(channel)
  })

  /** https://terminology.hl7.org/CodeSystem-v3-ParticipationMode.html: a validator takes another display for an error. */
  it('shows its code as the code system does', () => {
    const shown = channels.map((channel) => toMedium(channel).coding?.[0])
    expect(Object.fromEntries(shown.map((one) => [one?.code, one?.display]))).toEqual({
      SMSWRIT: 'SMS message',
      APPWRIT: 'messaging app',
      EMAILWRIT: 'email',
    })
  })
})
