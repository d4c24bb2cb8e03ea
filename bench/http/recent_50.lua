-- For wrk: the 50 most recent events of a conversation, another one each time. Its argument is the number of
-- conversations; the last line it prints is what was measured, as JSON.

local requests = {}

function init(args)
  local conversations = tonumber(args[1])
  for number = 0, conversations - 1 do
    local path = string.format("/v1/conversations/conversation-%d/events?limit=50", number)
    requests[number + 1] = wrk.format("GET", path)
  end
  math.randomseed(1)
end

function request()
  return requests[math.random(#requests)]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests_per_s":%.1f,"p50_us":%d,"p99_us":%d,"not_2xx":%d,"socket_errors":%d}',
    summary.requests / (summary.duration / 1000000),
    latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
