-- Cookies without users: each request is written when its turn comes, with the next of the cookies.
--
--   wrk ... -s written.lua <url> -- <cookies>

local cookies, place = {}, 0

function init(args)
  for user = 1, tonumber(args[1]) do cookies[user] = string.format('JSESSIONID=%032X.tomcat01', user) end
end

function request()
  place = place % #cookies + 1
  return wrk.format('GET', nil, { Cookie = cookies[place] })
end
