/**
 * `giveTurns` of `src/domain/pace.ts` in Lua, so that all processes share one row of turns. Numbers travel as texts of 17
 * digits, which are the same number again in either language.
 */

/** By Redis's clock: those of the workers differ. */
const redisTime = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000`

/**
 * KEYS: what is known of the sender, its turns · ARGV: limit, window, tight, even, each, lane, horizon, costs …
 * Answers: now, the wait of the first that got none, the times of those that got one …
 */
const give = `
local limit, window, tight = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local even, each = tonumber(ARGV[4]), tonumber(ARGV[5])
local lane, horizon = ARGV[6], tonumber(ARGV[7])
local makesGood, stumble = 1000, 1000
local function text(number) return string.format('%.17g', number) end

local known = redis.call('HMGET', KEYS[1], 'free', 'bulkFree', 'restsUntil', 'askedAt', 'held')
local askedAt = tonumber(known[4])
if not askedAt or now < askedAt - stumble then
  redis.call('DEL', KEYS[1], KEYS[2])
  known = { now, now - makesGood, 0, now, 0 }
end
local free, bulkFree, restsUntil = tonumber(known[1]), tonumber(known[2]), tonumber(known[3])
local held = tonumber(known[5])

local function turnAt(place)
  local turn = redis.call('LINDEX', KEYS[2], place)
  if not turn then return nil end
  local at, cost = string.match(turn, '^(.-):(.+)$')
  return tonumber(at), tonumber(cost)
end

local answer = { text(now), '0' }
for place = 8, #ARGV do
  local cost = tonumber(ARGV[place])
  local counted = math.min(cost, limit)
  local at = math.max(now, free, restsUntil)
  if lane == 'bulk' then at = math.max(at, bulkFree) end
  local leaving, left = 0, held
  while true do
    local oldAt, oldCost = turnAt(leaving)
    if not oldAt then break end
    if oldAt + window > now and left + counted <= limit then break end
    left = left - oldCost
    leaving = leaving + 1
    at = math.max(at, oldAt + window)
  end
  if at > now + horizon then
    answer[2] = text(at - now)
    break
  end
  for _ = 1, leaving do redis.call('LPOP', KEYS[2]) end
  local countedAt = at + (cost - counted) * each
  redis.call('RPUSH', KEYS[2], text(countedAt) .. ':' .. text(counted))
  held = left + counted
  free = countedAt + counted * tight
  bulkFree = math.max(bulkFree, at - makesGood) + cost * even
  answer[#answer + 1] = text(at)
end

redis.call('HSET', KEYS[1], 'free', text(free), 'bulkFree', text(bulkFree), 'restsUntil', text(restsUntil),
  'askedAt', text(now), 'held', text(held))
-- Turns are over within minutes, however slow the sender and long its messages.
redis.call('PEXPIRE', KEYS[1], 3600000)
redis.call('PEXPIRE', KEYS[2], 3600000)
return answer`

export const giveTurnsScript = redisTime + give

/** For a test, which sets the clock: `now` comes last. */
export const giveTurnsAtScript = `local now = tonumber(table.remove(ARGV))${give}`

/** KEYS as above · ARGV: for how long */
export const restScript = `${redisTime}
local known = tonumber(redis.call('HGET', KEYS[1], 'restsUntil') or '0')
local restsUntil = math.max(known, now + tonumber(ARGV[1]))
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'free', now, 'bulkFree', now, 'askedAt', now, 'held', 0)
end
redis.call('HSET', KEYS[1], 'restsUntil', string.format('%.17g', restsUntil))
redis.call('PEXPIRE', KEYS[1], 3600000 + tonumber(ARGV[1]))
return 1`

/** KEYS as above · ARGV: limit, even, each, the turn's time, its cost */
export const giveBackScript = `
local limit, even, each = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local at, cost = tonumber(ARGV[4]), tonumber(ARGV[5])
local counted = math.min(cost, limit)
local turn = string.format('%.17g', at + (cost - counted) * each) .. ':' .. string.format('%.17g', counted)
if redis.call('LREM', KEYS[2], -1, turn) == 0 then return 0 end
local known = redis.call('HMGET', KEYS[1], 'bulkFree', 'held')
if not known[1] then return 0 end
redis.call('HSET', KEYS[1], 'bulkFree', string.format('%.17g', tonumber(known[1]) - cost * even),
  'held', string.format('%.17g', tonumber(known[2]) - counted))
return 1`
