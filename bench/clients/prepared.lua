-- Cookies without users: the requests are made at the start, one for each cookie, and sent in turns.
--
--   wrk ... -s prepared.lua <url> -- <cookies>

local requests, place = {}, 0

function init(args)
  for user = 1, tonumber(args[1]) do
    requests[user] = wrk.format('GET', nil, { Cookie = string.format('JSESSIONID=%032X.tomcat01', user) })
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end
