/** Templates at Twilio: made a content, handed in for approval, listed page by page. */
import { describe, expect, it } from 'vitest'
import type { TemplateSubmission } from '../../src/providers/provider.ts'
import { twilio } from '../../src/providers/twilio/twilio.ts'
import { at, type Scripted, startCompany } from './provider-twilio-company.ts'

describe('templates', () => {
  const sid = 'HX00000000000000000000000000000001'
  const wording: TemplateSubmission = {
    ...{ name: 'visit', language: 'ar', category: 'UTILITY', samples: ['سارة', '10:30'] },
    body: 'مرحبا {{1}}، {{2}}',
  }
  const made = { 'POST /v1/Content': { status: 201, body: { sid } } }
  const handIn = `POST /v1/Content/${sid}/ApprovalRequests/whatsapp`

  it('are made a content, then handed in', async () => {
    const company = await startCompany(() => ({
      ...made,
      [handIn]: { status: 201, body: { status: 'received' } },
    }))
    const submitted = await twilio.templates?.submit(wording, at(company.url))
    expect(submitted).toEqual({ kind: 'submitted', id: sid, status: 'pending' })
    expect(company.asked.map(({ body }) => JSON.parse(body))).toEqual([
      {
        ...{ friendly_name: 'visit', language: 'ar', variables: { 1: 'سارة', 2: '10:30' } },
        types: { 'twilio/text': { body: wording.body } },
      },
      { name: 'visit', category: 'UTILITY' },
    ])
  })

  it.each<[string, Record<string, Scripted>, object, string[]]>([
    [
      'refused as content',
      { 'POST /v1/Content': { status: 400, body: { code: 20001 } } },
      { kind: 'refused', code: '20001' },
      [],
    ],
    [
      'while the company is busy',
      { 'POST /v1/Content': { status: 503 } },
      { kind: 'unreachable', code: 'http-503' },
      [],
    ],
    [
      'made without an id',
      { 'POST /v1/Content': { status: 201, body: {} } },
      { kind: 'unreachable', code: 'http-201' },
      [],
    ],
    [
      'refused for approval',
      { ...made, [handIn]: { status: 400, body: { code: 20001 } } },
      { kind: 'refused', code: '20001' },
      [handIn, `DELETE /v1/Content/${sid}`],
    ],
    [
      'not handed in, because the company is busy',
      { ...made, [handIn]: { status: 500 } },
      { kind: 'unreachable', code: 'http-500' },
      [handIn, `DELETE /v1/Content/${sid}`],
    ],
  ])('%s, leave no half behind', async (_what, script, wanted, further) => {
    const company = await startCompany(() => script)
    expect(await twilio.templates?.submit(wording, at(company.url))).toEqual(wanted)
    expect(company.calls()).toEqual(['POST /v1/Content', ...further])
  })

  const entry = (name: string, approval: object = {}) => ({
    ...{ sid: `HX-${name}`, friendly_name: name, language: 'en' },
    approval_requests: { name, category: 'UTILITY', ...approval },
  })
  const firstPage = 'GET /v1/ContentAndApprovals?PageSize=100'
  const list = async (script: (url: string) => Record<string, Scripted>) => {
    const company = await startCompany(script)
    return { listed: await twilio.templates?.list(at(company.url)), asked: company.asked }
  }

  it.each([
    ['received', 'pending'],
    ['pending', 'pending'],
    ['approved', 'approved'],
    ['rejected', 'rejected'],
    ['paused', 'paused'],
    ['disabled', 'disabled'],
    ['in_appeal', 'pending'],
  ])('%s are %s', async (status, wanted) => {
    const contents = [entry('visit', { status, rejection_reason: '' })]
    const { listed } = await list(() => ({ [firstPage]: { status: 200, body: { contents } } }))
    expect(listed).toMatchObject({ templates: [{ id: 'HX-visit', name: 'visit', status: wanted }] })
  })

  it.each([
    ['INVALID_FORMAT', 'INVALID_FORMAT'],
    ['The wording sounds like an advertisement.', 'The wording sounds like an advertisement.'],
    [null, 'not-told'],
  ])('rejected for %j say %s', async (rejection_reason, because) => {
    const contents = [entry('visit', { status: 'rejected', rejection_reason })]
    const { listed } = await list(() => ({ [firstPage]: { status: 200, body: { contents } } }))
    expect(listed).toMatchObject({ templates: [{ status: 'rejected', because, category: 'UTILITY' }] })
  })

  it('are not listed before they were submitted, so that whoever looks submits them', async () => {
    const contents = [entry('half', { status: 'unsubmitted' }), entry('whole', { status: 'received' })]
    const { listed } = await list(() => ({ [firstPage]: { status: 200, body: { contents } } }))
    expect(listed).toMatchObject({ templates: [{ name: 'whole' }] })
  })

  it('come from every page, without those that have no name', async () => {
    const { listed } = await list((url) => ({
      [firstPage]: {
        status: 200,
        body: {
          contents: [entry('one'), { sid: 'HX' }, null],
          meta: { next_page_url: `${url}/v1/ContentAndApprovals?Page=1` },
        },
      },
      'GET /v1/ContentAndApprovals?Page=1': {
        status: 200,
        body: { contents: [entry('two')], meta: { next_page_url: null } },
      },
    }))
    expect(listed).toMatchObject({ kind: 'templates', templates: [{ name: 'one' }, { name: 'two' }] })
  })

  it('are asked for nowhere else, whatever a page says', async () => {
    const other = await startCompany(() => ({}))
    const next = `${other.url}/v1/ContentAndApprovals?Page=1`
    const { listed } = await list(() => ({
      [firstPage]: { status: 200, body: { contents: [entry('one')], meta: { next_page_url: next } } },
      'GET /v1/ContentAndApprovals?Page=1': { status: 200, body: { contents: [entry('two')] } },
    }))
    expect(listed).toMatchObject({ templates: [{ name: 'one' }, { name: 'two' }] })
    expect(other.asked).toEqual([])
  })

  it('are not listed for ever', async () => {
    const next = 'https://content.example/v1/ContentAndApprovals?PageSize=100'
    const { listed } = await list(() => ({
      [firstPage]: { status: 200, body: { contents: [], meta: { next_page_url: next } } },
    }))
    expect(listed).toEqual({ kind: 'unreachable', code: 'endless-list' })
  })

  it('are not listed in part', async () => {
    const { listed } = await list((url) => ({
      [firstPage]: {
        status: 200,
        body: { contents: [], meta: { next_page_url: `${url}/v1/ContentAndApprovals?Page=1` } },
      },
      'GET /v1/ContentAndApprovals?Page=1': { status: 503 },
    }))
    expect(listed).toEqual({ kind: 'unreachable', code: 'http-503' })
  })
})
