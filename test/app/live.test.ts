import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type LiveFeedParts,
  type LiveStream,
  pauseAfter,
  runLiveFeed,
} from '../../smart-app/src/live/live-feed.ts'
import { createSseParser } from '../../smart-app/src/live/sse-parser.ts'
import { second } from '../../src/domain/time.ts'

describe('the parser of server-sent events', () => {
  it.each([
    ['data: a\n\n', [{ type: 'message', data: 'a' }]],
    ['data:a\r\n\r\n', [{ type: 'message', data: 'a' }]],
    ['event: change\rdata: a\r\rdata', [{ type: 'change', data: 'a' }]],
    ['data: a\ndata: b\n\n', [{ type: 'message', data: 'a\nb' }]],
    [': heartbeat\n\n', []],
    ['id: 7\nretry: 10\n\n', []],
    ['data: a\n', []],
    [
      'data: {"x": 1}\n\ndata: b\n\n',
      [
        { type: 'message', data: '{"x": 1}' },
        { type: 'message', data: 'b' },
      ],
    ],
  ])('reads %j', (stream, events) => {
    expect(createSseParser().push(stream)).toEqual(events)
  })

  it('reads the same however the stream is cut', () => {
    const stream =
      ': hi\r\n\r\nevent: change\r\ndata: {"reference":"Patient/1"}\r\n\r\ndata: x\n\ndata: y\r\r'
    const whole = createSseParser().push(`${stream}data`)
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
        const parser = createSseParser()
        const ends = [...cuts.toSorted((a, b) => a - b), stream.length]
        const pieces = ends.map((end, index) => stream.slice(ends[index - 1] ?? 0, end))
        expect([...pieces, 'data'].flatMap((piece) => parser.push(piece))).toEqual(whole)
      }),
    )
  })
})

describe('the live feed', () => {
  it('comes back after a broken line and has everything read again each time', async () => {
    const told = await feed([
      connection(change('Communication/1')),
      'unreachable',
      connection(change('Patient/2')),
    ])
    expect(told).toEqual([
      'connecting',
      ...['live', 'resume', 'Communication/1', 'reconnecting'],
      'reconnecting',
      ...['live', 'resume', 'Patient/2', 'reconnecting'],
    ])
  })

  it('says that it is off when the backend refuses it', async () => {
    expect(await feed(['refused'])).toEqual(['connecting', 'off'])
  })

  it('passes over what is no reference', async () => {
    const told = await feed([connection('data: {"reference":"https://evil.example"}\n\ndata: nonsense\n\n')])
    expect(told).toEqual(['connecting', 'live', 'resume', 'reconnecting'])
  })

  it.each([
    1, 2, 3, 10, 60,
  ])('pauses between half a second and half a minute after %i failures', (failures) => {
    for (const random of [0, 0.5, 0.999]) {
      const pause = pauseAfter(failures, 'failed', random)
      expect(pause).toBeGreaterThanOrEqual(second / 2)
      expect(pause).toBeLessThanOrEqual(30 * second)
    }
  })
})

type Answer = LiveStream | 'unreachable' | 'refused'

function change(reference: string): string {
  return `data: ${JSON.stringify({ reference })}\n\n`
}

/** A stream that says this and breaks. */
function connection(text: string): LiveStream {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
  return { kind: 'stream', body }
}

/** Runs until the answers are used up; what the feed told, in order. */
async function feed(answers: Answer[]): Promise<string[]> {
  const told: string[] = []
  const stop = new AbortController()
  const left = [...answers]
  const parts: LiveFeedParts = {
    async open() {
      const answer = left.shift()
      if (!answer || answer === 'unreachable') throw new Error('Nobody answers')
      return answer === 'refused' ? { kind: 'refused' } : answer
    },
    // The pause between connections is over at once, or is the end; the silence limit is never reached.
    wait: (_, signal) => (signal === stop.signal ? pauseOrEnd() : new Promise(() => {})),
    random: () => 0,
    onState: (state) => told.push(state),
    onChange: (reference) => told.push(reference),
    onResume: () => told.push('resume'),
  }
  const pauseOrEnd = async () => {
    if (left.length === 0) stop.abort()
  }
  await runLiveFeed(parts, stop.signal)
  return told
}
