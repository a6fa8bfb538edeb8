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
---@return string[]? tried where Pi was looked for
function M.problem()
  ---@type pi.Availability?
  local known = require('pi.state').status.availability
  if not known or FINE[known.state] then
    return nil
  end
  return known.message or known.state, M.remedy(known.next), known.tried
end

--- What to do, and where Pi was looked for, each as a line of `:checkhealth`.
---@param next? string
---@param tried? string[]
---@return string[]
function M.advice(next, tried)
  local lines = { M.remedy(next) }
  if tried and #tried > 0 then
    table.insert(lines, 'Pi was looked for here: ' .. table.concat(tried, ', '))
  end
  return lines
end

--- `:Pi check`: looks again.
function M.check()
  require('pi.server.commands').run('pi.checkAvailability', { refresh = true }, function(known) ---@cast known pi.Availability
    if known.state == 'ready' and not known.message then
      return note.info('a prompt can be sent.')
    elseif known.state == 'ready' then
      return note.warn('a prompt can be sent, but: ' .. known.message)
    end
    note.warn(table.concat({ known.message or known.state, M.remedy(known.next) }, ' '))
  end)
end

return M
