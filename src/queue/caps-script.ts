/** `judgeUse` of `src/domain/sender-limits.ts` in Lua, so that the last place of a day is taken once. Times are Redis's. */
import { piece } from '../domain/sender-limits.ts'
import { day } from '../domain/time.ts'

const preamble = `
local day, piece = ${day}, ${piece}
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)`

/**
 * KEYS: the sender's messages by piece of a day, the portfolio's people, the last message to this person · ARGV: whether to
 * take it, per day, people per day (−1: no limit), ms between two, the person's mark, whether it opens.
 */
export const useScript = `${preamble}
local take, perDay, peoplePerDay = ARGV[1] == '1', tonumber(ARGV[2]), tonumber(ARGV[3])
local every, person, opens = tonumber(ARGV[4]), ARGV[5], ARGV[6] == '1'
if perDay >= 0 and redis.call('HEXISTS', KEYS[1], 'known') == 0 then return { 'unknown' } end
if peoplePerDay >= 0 and not redis.call('ZSCORE', KEYS[2], '') then return { 'unknown' } end

local untilAt = 0
if perDay >= 0 then
  local sum, oldest = 0, nil
  local pieces = redis.call('HGETALL', KEYS[1])
  for place = 1, #pieces, 2 do
    local at = tonumber(pieces[place])
    if at and (at + 1) * piece + day <= now then redis.call('HDEL', KEYS[1], pieces[place])
    elseif at and tonumber(pieces[place + 1]) > 0 then
      sum = sum + tonumber(pieces[place + 1])
      if not oldest or at < oldest then oldest = at end
    end
  end
  if sum >= perDay then untilAt = oldest and (oldest + 1) * piece + day or now + day end
end
local before = redis.call('ZSCORE', KEYS[2], person)
if peoplePerDay >= 0 and opens then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - day)
  before = redis.call('ZSCORE', KEYS[2], person)
  if not before and redis.call('ZCARD', KEYS[2]) - 1 >= peoplePerDay then
    local oldest = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
    untilAt = math.max(untilAt, oldest == 'inf' and now + day or tonumber(oldest) + day)
  end
end
if untilAt > 0 then return { 'full', tostring(untilAt) } end
local again = every > 0 and redis.call('PTTL', KEYS[3]) or 0
if again > 0 then return { 'soon', tostring(now + again) } end
if not take then return { 'free' } end

local at = math.floor(now / piece)
if perDay >= 0 then
  redis.call('HINCRBY', KEYS[1], at, 1)
  redis.call('PEXPIRE', KEYS[1], day + 2 * piece)
end
if peoplePerDay >= 0 and opens then
  redis.call('ZADD', KEYS[2], now, person)
  redis.call('PEXPIRE', KEYS[2], day + 2 * piece)
end
if every > 0 then redis.call('SET', KEYS[3], now, 'PX', every) end
return { 'taken', tostring(at), tostring(now), before or '' }`

/** What surely never left counts no more. KEYS as above · ARGV: the person's mark, piece, time and time before, as taken */
export const giveBackUseScript = `
local person, at, now, before = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('HEXISTS', KEYS[1], at) == 1 then redis.call('HINCRBY', KEYS[1], at, -1) end
-- Another message to the same person counts for itself.
if redis.call('ZSCORE', KEYS[2], person) == now then
  if before == '' then redis.call('ZREM', KEYS[2], person) else redis.call('ZADD', KEYS[2], before, person) end
end
if redis.call('GET', KEYS[3]) == now then redis.call('DEL', KEYS[3]) end
return 1`

/** What the store knows, unless someone was faster. KEYS: one of days · ARGV: 1 with the last part, then when each message went */
export const knowDayScript = `${preamble}
if redis.call('HEXISTS', KEYS[1], 'known') == 1 then return 0 end
if ARGV[1] == '1' then redis.call('HSET', KEYS[1], 'known', 'yes') end
for place = 2, #ARGV do redis.call('HINCRBY', KEYS[1], math.floor(tonumber(ARGV[place]) / piece), 1) end
redis.call('PEXPIRE', KEYS[1], day + 2 * piece)
return 1`

/** KEYS: one of people · ARGV: 1 with the last part, then time and mark, in turn */
export const knowPeopleScript = `${preamble}
if redis.call('ZSCORE', KEYS[1], '') then return 0 end
if ARGV[1] == '1' then redis.call('ZADD', KEYS[1], '+inf', '') end
for place = 2, #ARGV, 2 do redis.call('ZADD', KEYS[1], 'GT', ARGV[place], ARGV[place + 1]) end
redis.call('PEXPIRE', KEYS[1], day + 2 * piece)
return 1`
