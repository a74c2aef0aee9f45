-- What wrk sends and how it tells what came back: the paths of a file in turn, over and over, with our own headers.
-- wrk -s load.lua URL -- FILE ACCEPT [ETAG]

local prepared, place = {}, 0

function init(arguments)
  local headers = { ["Accept"] = arguments[2] }
  if arguments[3] then headers["If-None-Match"] = arguments[3] end
  for path in io.lines(arguments[1]) do
    prepared[#prepared + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  place = place % #prepared + 1
  return prepared[place]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "micros": %d, "refused": %d, "broken": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
