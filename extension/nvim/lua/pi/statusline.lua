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
---@field folder? string that Pi works in
---@field restricted boolean the workspace is not trusted
---@field context? number percent
---@field cost? number
---@field changes integer
---@field questions integer
---@field put_aside integer questions that are answered later
---@field queued integer
---@field attached integer

--- The folder that Pi works in.
---@return string?
function M.folder()
  local uri = require('pi.state').status.folder
  local client = require('pi.server.client').get()
  local folders = client and client.workspace_folders
  return uri and vim.uri_to_fname(uri) or folders and folders[1] and vim.uri_to_fname(folders[1].uri) or nil
end

---@return pi.StatusData
function M.data()
  local state = require('pi.state')
  local changes = 0
  for _, edit in ipairs(state.open_edits()) do
    changes = changes + #state.waiting(edit)
  end
  local status = state.status
  local mode = status.permissionMode
  if status.restricted and mode and mode ~= 'readOnly' then
    -- More than that it does not count as.
    mode = 'ask'
  end
  return {
    running = state.is_current_running(),
    elsewhere = state.running_count() - (state.is_current_running() and 1 or 0),
    state = status.state or (require('pi.server.client').get() and 'ready' or 'off'),
    problem = (require('pi.server.availability').problem()),
    model = status.model,
    answered_by = status.answeredBy,
    thinking = status.thinking,
    mode = mode,
    folder = M.folder(),
    restricted = status.restricted == true,
    context = vim.tbl_get(status, 'context', 'percent'),
    cost = status.cost,
    changes = changes,
    questions = state.questions,
    put_aside = status.putAside or 0,
    queued = state.queued,
    attached = require('pi.ask.attachments').count(),
  }
end

---@param text string
---@return string
local function literal(text)
  return (text:gsub('%c', ' '):gsub('%%', '%%%%'))
end

--- For 'winbar' of the chat's window: with what Pi would be asked now.
---@return string
function M.winbar()
  local win = tonumber(vim.g.statusline_winid) or 0
  if not vim.startswith(vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(win)), 'pi://chat') then
    return ''
  end
  local data = M.data()
  local parts = {}
  if data.problem then
    table.insert(parts, 'Pi cannot be asked (:Pi check)')
  end
  local level = data.thinking and data.thinking ~= 'off' and (' (thinking %s)'):format(data.thinking) or ''
  table.insert(parts, (data.model or 'no model yet') .. level)
  if data.mode then
    table.insert(parts, 'mode ' .. data.mode .. (data.restricted and ', Restricted Mode' or ''))
  end
  if data.folder then
    table.insert(parts, vim.fs.basename(data.folder))
  end
  if data.context then
    table.insert(parts, ('context %.0f %%'):format(data.context))
  end
  if (data.cost or 0) >= 0.0001 then
    table.insert(parts, ('$%.4f'):format(data.cost))
  end
  -- Where there is no room for all of it, the end goes.
  return ' ' .. literal(table.concat(parts, ' · ')) .. '%<'
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
  if data.mode then
    table.insert(parts, data.restricted and data.mode .. ' (restricted)' or data.mode)
  end
  if data.folder then
    table.insert(parts, vim.fs.basename(data.folder))
  end
  if data.elsewhere > 0 then
    table.insert(parts, ('%d at work elsewhere'):format(data.elsewhere))
  end
  if data.changes > 0 then
    table.insert(parts, require('pi.text').counted(data.changes, 'change'))
  end
  if data.questions > 0 then
    table.insert(parts, require('pi.text').counted(data.questions, 'question'))
  end
  if data.put_aside > 0 then
    table.insert(parts, require('pi.text').counted(data.put_aside, 'question') .. ' for later')
  end
  if data.queued > 0 then
    table.insert(parts, ('%d queued'):format(data.queued))
  end
  if data.attached > 0 then
    table.insert(parts, ('%d attached'):format(data.attached))
  end
  vim.list_extend(parts, require('pi.chat.extensions').texts())
  return literal(table.concat(parts, ' · '))
end

return M
