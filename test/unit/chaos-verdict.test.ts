/** What `npm run chaos` makes of a ledger and a store: it must see a message that is lost, doubled or misreported. */
import { describe, expect, it } from 'vitest'
import { judge } from '../../bench/chaos/verdict.ts'
import { makeCampaign } from '../../bench/rig/campaign.ts'
import type { Rig } from '../../bench/rig/rig.ts'

const campaign = makeCampaign('verdict', 2)
const [first = '', second = ''] = campaign.ids
const revoked = { status: 'revoked', statusReason: { text: 'expired' } }

type Told = Record<string, { status: string; statusReason?: object }>

/** A store and a ledger that say just this. */
function rigThatSays(requests: Told, ledger: string[], open = 0): Rig {
  const told = Object.entries(requests).map(([id, request]) => ({ id, ...request }))
  const entries = ledger.map((id) => ({ mark: campaign.marks.get(id) ?? '' }))
  const says = {
    store: { search: async () => told, count: async () => open },
    carrier: { ledger: async () => entries },
  }
  return says as unknown as Rig
}

const completed = { status: 'completed' }

describe('the verdict over a campaign', () => {
  it.each([
    ['all is well', { [first]: completed, [second]: completed }, [first, second], {}],
    ['one ended with a reason', { [first]: completed, [second]: revoked }, [first], { accepted: 1 }],
    [
      'one is still due',
      { [first]: completed, [second]: { status: 'active' } },
      [first],
      { lost: 1, accepted: 1 },
    ],
    [
      'one is called sent and never was',
      ...([
        { [first]: completed, [second]: completed },
        [first],
        { lost: 1, untrue: 1, accepted: 1 },
      ] as const),
    ],
    [
      'one ended without a reason',
      { [first]: completed, [second]: { status: 'revoked' } },
      [first],
      { lost: 1, accepted: 1 },
    ],
    [
      'one came three times',
      ...([
        { [first]: completed, [second]: completed },
        [first, second, second, second],
        { doubled: 2, accepted: 4 },
      ] as const),
    ],
    [
      'one came and is called not sent',
      ...([{ [first]: completed, [second]: revoked }, [first, second], { untrue: 1 }] as const),
    ],
  ])('sees when %s', async (_what, requests, ledger, differs) => {
    const nothing = { requests: 2, accepted: 2, lost: 0, doubled: 0, untrue: 0, open: 0 }
    const rig = rigThatSays(requests as unknown as Told, [...ledger])
    expect(await judge(rig, campaign)).toEqual({ ...nothing, ...differs })
  })

  it('tells what is still open', async () => {
    const rig = rigThatSays({ [first]: completed, [second]: completed }, [first, second], 3)
    expect((await judge(rig, campaign)).open).toBe(3)
  })
})
