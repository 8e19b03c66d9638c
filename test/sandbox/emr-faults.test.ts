import { describe, expect, it } from 'vitest'
import { type Call, createCall, openEmr } from './emr-caller.ts'

async function openFaulty(): Promise<{
  call: Call
  breakIt: (fault: object) => Promise<number>
  faults: string
}> {
  const { emr, call } = await openEmr()
  const faults = `${emr.url}/sandbox/faults`
  return { call, faults, breakIt: async (fault) => (await call('POST', faults, fault, json)).status }
}

const json = { 'content-type': 'application/json' }
const visit = { resourceType: 'Appointment', status: 'booked', participant: [{ status: 'accepted' }] }

describe('the EMR on a bad day', () => {
  it.each([
    '401',
    '403',
    '404',
    '410',
    '412',
    '429',
    '500',
    '503',
  ])('answers %s as often as it was told to', async (answer) => {
    const { call, breakIt } = await openFaulty()
    expect(await breakIt({ answer, for: 2 })).toBe(201)
    const seen = [await call('GET', '/Patient'), await call('GET', '/Patient'), await call('GET', '/Patient')]
    expect(seen.map(({ status }) => status)).toEqual([Number(answer), Number(answer), 200])
  })

  it('says when to come again, where it is told to', async () => {
    const { call, breakIt } = await openFaulty()
    for (const fault of [
      { answer: '429' },
      { answer: '429', retryAfter: 7 },
      { answer: '503', retryAfter: 3 },
    ])
      await breakIt({ ...fault, for: 1 })
    const seen = []
    for (const _each of [1, 2, 3]) seen.push((await call('GET', '/Patient')).headers.get('retry-after'))
    expect(seen).toEqual(['1', '7', '3'])
  })

  it('breaks off in the middle of an answer', async () => {
    const { call, breakIt } = await openFaulty()
    await breakIt({ answer: 'half', for: 1 })
    await expect(call('GET', '/Patient')).rejects.toThrow('terminated')
    expect((await call('GET', '/Patient')).status).toBe(200)
  })

  it('is bad to one type for as long as it was told, whatever the method', async () => {
    const { call, breakIt, faults } = await openFaulty()
    await breakIt({ answer: '403', type: 'Appointment', for: 2 })
    const seen = [
      await call('GET', '/Patient'),
      await call('POST', '/Appointment', visit),
      await call('GET', '/Appointment'),
      await call('GET', '/Appointment'),
    ]
    expect(seen.map(({ status }) => status)).toEqual([200, 403, 403, 200])
    expect((await call('GET', faults)).body).toEqual({ met: 2 })
    await breakIt({ answer: '410', type: 'Appointment' })
    expect((await call('GET', '/Appointment')).status).toBe(410)
    await call('DELETE', faults)
    expect((await call('GET', '/Appointment')).status).toBe(200)
  })

  it('answers HTML with 200, like a login page in the way', async () => {
    const { call, breakIt } = await openFaulty()
    await breakIt({ answer: 'html', for: 1 })
    await expect(call('GET', '/Patient')).rejects.toThrow(SyntaxError)
    expect((await call('GET', '/Patient')).status).toBe(200)
  })

  it('breaks the connection without an answer, having done nothing', async () => {
    const { call, breakIt } = await openFaulty()
    await breakIt({ answer: 'nothing', for: 1 })
    await expect(call('POST', '/Appointment', visit)).rejects.toThrow('fetch failed')
    expect((await call('GET', '/Appointment')).body.total).toBe(0)
  })

  it('loses the answer to what it has done', async () => {
    const { call, breakIt } = await openFaulty()
    await breakIt({ answer: 'lost', for: 1 })
    await expect(call('POST', '/Appointment', visit)).rejects.toThrow('fetch failed')
    expect((await call('GET', '/Appointment')).body.total).toBe(1)
  })

  it('keeps one caller waiting while others are served', async () => {
    const { call, breakIt } = await openFaulty()
    await breakIt({ answer: 'slow', match: 'Patient' })
    const slow = call('GET', '/Patient').then(
      () => 'answered',
      () => 'closed with the EMR',
    )
    const other = call('GET', '/Appointment').then(() => 'served')
    expect(await Promise.race([slow, other])).toBe('served')
  })

  it('carries out a slow request in the end', async () => {
    const { call, breakIt } = await openFaulty()
    await breakIt({ answer: 'slow', for: 1, after: 5 })
    expect((await call('POST', '/Appointment', visit)).status).toBe(201)
  })

  it('can be bad to one method or one type only, and never to its metadata', async () => {
    const { call, breakIt, faults } = await openFaulty()
    await breakIt({ answer: '500', match: 'POST' })
    await breakIt({ answer: '503', match: 'Task' })
    const seen = [
      await call('POST', '/Appointment', visit),
      await call('GET', '/Task/1'),
      await call('GET', '/Appointment'),
      await call('GET', '/metadata'),
    ]
    expect(seen.map(({ status }) => status)).toEqual([500, 503, 200, 200])
    await call('DELETE', faults)
    expect((await call('POST', '/Appointment', visit)).status).toBe(201)
  })

  it('can be bad where it gives out tokens, and where it says what it is, and nowhere else', async () => {
    const { faults, call, breakIt } = await openFaulty()
    await breakIt({ answer: '503', at: 'token', for: 1 })
    await breakIt({ answer: 'html', at: 'metadata', for: 1 })
    const token = () => fetch(new URL('/oauth/token', faults), { method: 'POST' })
    expect((await call('GET', '/Patient')).status).toBe(200)
    expect([(await token()).status, (await token()).status]).toEqual([503, 400])
    await expect(call('GET', '/metadata')).rejects.toThrow(SyntaxError)
    expect((await call('GET', '/metadata')).status).toBe(200)
  })

  it('obeys only the sandbox admin, and only in words it knows', async () => {
    const { emr } = await openEmr()
    const stranger = createCall(emr.url, 'Bearer somebody')
    expect((await stranger('POST', '/sandbox/faults', { answer: '500' }, json)).status).toBe(401)
    const admin = createCall(emr.url)
    for (const fault of [
      {},
      { answer: 'explode' },
      { answer: '500', for: 0 },
      { answer: '500', match: 5 },
      { answer: '500', type: 1 },
    ]) {
      expect((await admin('POST', '/sandbox/faults', fault, json)).status).toBe(400)
    }
  })
})
