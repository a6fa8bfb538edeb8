-- A component for the status line: what Pi does, with which model, and what waits for the user.
local M = {}

---@class pi.StatusData
---@field running boolean
---@field elsewhere integer runs in other sessions
---@field state string
---@field problem? string
---@field model? string
---@field answered_by? string
---@field thinking? string
---@field mode? string
---@field cost? number
---@field changes integer
---@field questions integer
---@field queued integer
---@field attached integer

---@return pi.StatusData
function M.data()
  local state = require('pi.state')
  local changes = 0
  for _, edit in ipairs(state.open_edits()) do
    changes = changes + #state.waiting(edit)
  end
  local status = state.status
  return {
    running = state.is_current_running(),
    elsewhere = state.running_count() - (state.is_current_running() and 1 or 0),
    state = status.state or (require('pi.server.client').get() and 'ready' or 'off'),
    problem = (require('pi.server.availability').problem()),
    model = status.model,
    answered_by = status.answeredBy,
    thinking = status.thinking,
    mode = status.permissionMode,
    cost = status.cost,
    changes = changes,
    questions = state.questions,
    queued = state.queued,
    attached = require('pi.ask.attachments').count(),
  }
end

--- For 'statusline', by `%{%v:lua.require'pi'.statusline()%}`; empty while Pi is not in use.
---@return string
function M.text()
  -- Nothing is loaded for it before the first use.
  if not package.loaded['pi.server.client'] then
    return ''
  end
  local data = M.data()
  if data.state == 'off' then
    return ''
  end
  local parts = { data.running and 'Pi …' or data.state == 'failed' and 'Pi failed' or data.problem and 'Pi cannot be asked' or 'Pi' }
  if data.model then
    table.insert(parts, data.answered_by and ('%s → %s'):format(data.model, data.answered_by) or data.model)
  end
  if data.elsewhere > 0 then
    table.insert(parts, ('%d at work elsewhere'):format(data.elsewhere))
  end
  if data.changes > 0 then
    table.insert(parts, ('%d change%s'):format(data.changes, data.changes == 1 and '' or 's'))
  end
  if data.questions > 0 then
    table.insert(parts, ('%d question%s'):format(data.questions, data.questions == 1 and '' or 's'))
  end
  if data.queued > 0 then
    table.insert(parts, ('%d queued'):format(data.queued))
  end
  if data.attached > 0 then
    table.insert(parts, ('%d attached'):format(data.attached))
  end
  vim.list_extend(parts, require('pi.chat.extensions').texts())
  return (table.concat(parts, ' · '):gsub('%c', ' '):gsub('%%', '%%%%'))
end

return M
