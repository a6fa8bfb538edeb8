-- Neovim's own configuration of the server (0.11 and newer): `vim.lsp.config('pilsp', …)` changes it,
-- `vim.lsp.enable('pilsp')` starts it with the first file.
local connection = require('pi.server.connection')

local config = connection.config()
---@param buf integer
---@param start fun(root: string)
config.root_dir = function(buf, start)
  if connection.is_file(buf) then
    start(connection.root_of(buf))
  end
end
return config
