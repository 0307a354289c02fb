-- wrk asks for the paths of a file by turns. Each of its lines is a path, a tabulator, and the ETag that is known.
local asked, place = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local path, etag = line:match("^(%S+)\t(.+)$")
    wrk.headers["If-None-Match"] = etag
    asked[#asked + 1] = wrk.format("GET", path)
  end
end

function request()
  place = place % #asked + 1
  return asked[place]
end
