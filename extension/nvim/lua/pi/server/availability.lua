-- Whether a prompt can be sent, and what to do if not: the server knows, here it is said.
local note = require('pi.note')

local M = {}

local FINE = { ready = true, unknown = true, checking = true, starting = true }

--- What to do, with the commands that do it here.
---@param known pi.Availability
---@return string?
function M.remedy(known)
  return known.advice and known.advice .. require('pi.server.steps').named(known.next)
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

--- What can be done about it.
---@return pi.Step[]
function M.steps()
  local known = require('pi.state').status.availability
  return require('pi.server.steps').of(known and known.next, true)
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

--- `:Pi setup`: what can be done, where a prompt cannot be sent; else what is set up.
function M.setup()
  require('pi.server.commands').run('pi.checkAvailability', { refresh = true }, function(known) ---@cast known pi.Availability
    if known.state == 'ready' then
      return require('pi.session.providers').list()
    end
    local steps = require('pi.server.steps').of(known.next, true)
    if #steps == 0 then
      return note.warn(table.concat({ known.message or known.state, M.remedy(known) }, ' '))
    end
    require('pi.questions.pick').choose(known.message or known.state, steps, function(step)
      return step.label
    end, function(step)
      step.run()
    end)
  end)
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
