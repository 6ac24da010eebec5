-- As written.lua, and each answer's headers are looked at: a cookie that it sets is carried by some later request. wrk does not say which
-- request an answer belongs to, so it need not be the same user's.
--
--   wrk ... -s read.lua <url> -- <cookies>

local cookies, place, answered, seen = {}, 0, 0, 0
local names = { 'Sticky-Backend', 'Sticky-Session', 'Sticky-New', 'Sticky-Owner', 'Sticky-Counter' }

function init(args)
  for user = 1, tonumber(args[1]) do cookies[user] = string.format('JSESSIONID=%032X.tomcat01', user) end
end

function request()
  place = place % #cookies + 1
  return wrk.format('GET', nil, { Cookie = cookies[place] })
end

function response(_, headers)
  for _, name in ipairs(names) do
    if headers[name] ~= nil then seen = seen + 1 end
  end
  local set = headers['Set-Cookie']
  if set ~= nil then
    answered = answered % #cookies + 1
    cookies[answered] = string.match(set, '^[^;]*')
  end
end
