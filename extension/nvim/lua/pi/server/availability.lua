-- Whether a prompt can be sent, and what to do if not: the server knows, here it is said.
local note = require('pi.note')

local M = {}

local COMMANDS = { signIn = ':Pi login', apiKey = ':Pi key', pickModel = ':Pi model' }

local FINE = { ready = true, unknown = true, checking = true, starting = true }

--- What to do, with the commands that do it here.
---@param known pi.Availability
---@return string?
function M.remedy(known)
  local commands = {}
  for _, step in ipairs(known.next or {}) do
    table.insert(commands, COMMANDS[step.kind])
  end
  if not known.advice or #commands == 0 then
    return known.advice
  end
  return ('%s (%s)'):format(known.advice, table.concat(commands, ', '))
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
  return known.message or known.state, M.remedy(known), known.tried
end

--- What to do, and where Pi was looked for, each as a line of `:checkhealth`.
---@param remedy? string
---@param tried? string[]
---@return string[]
function M.advice(remedy, tried)
  local lines = { remedy }
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
    note.warn(table.concat({ known.message or known.state, M.remedy(known) }, ' '))
  end)
end

return M
