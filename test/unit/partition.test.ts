import { describe, expect, it } from 'vitest'
import { type Partition, partitionsToTry } from '../../src/domain/partition.ts'

const all = ['date', 'location', 'practitioner', 'patient']

describe('a schedule is asked for', () => {
  it.each<[string, string[], Partition | undefined, Partition[]]>([
    [
      'whole first, where anything is taken',
      all,
      undefined,
      ['whole', 'location', 'practitioner', 'patient'],
    ],
    ['as the host took it last', all, 'practitioner', ['practitioner', 'patient']],
    ['patient by patient where there is no date', ['patient', '_id'], undefined, ['patient']],
    ['anew where what it took is no longer offered', ['date', 'patient'], 'location', ['whole', 'patient']],
    [
      'in every way where the host says nothing',
      [],
      undefined,
      ['whole', 'location', 'practitioner', 'patient'],
    ],
    ['whole where nothing fits: it may do more than it says', ['_id'], undefined, ['whole']],
  ])('%s', (_what, searchParams, known, wanted) => {
    expect(partitionsToTry({ searchParams }, known)).toEqual(wanted)
  })
})
