-- Whether a prompt can be sent, and what to do if not: the server knows, here it is said.
local note = require('pi.note')

local M = {}

local FINE = { ready = true, unknown = true, checking = true, starting = true }

--- The server names its own commands; here they are called otherwise.
---@param next? string what to do
---@return string?
function M.remedy(next)
  return next and (next:gsub('pi%.login', ':Pi login'):gsub('pi%.setApiKey', ':Pi key'))
end

--- What is in the way, as the server told it last.
---@return string? problem
---@return string? remedy
function M.problem()
  local known = require('pi.state').status.availability
  if not known or FINE[known.state] then
    return nil
  end
  return known.message or known.state, M.remedy(known.next)
end

--- `:Pi check`: looks again.
function M.check()
  require('pi.server.commands').run('pi.checkAvailability', { refresh = true }, function(known)
    if known.state == 'ready' and not known.message then
      return note.info('a prompt can be sent.')
    elseif known.state == 'ready' then
      return note.warn('a prompt can be sent, but: ' .. known.message)
    end
    note.warn(table.concat({ known.message or known.state, M.remedy(known.next) }, ' '))
  end)
end

return M
