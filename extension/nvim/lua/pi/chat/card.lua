-- The end of a run in its chat: how it ended, what landed, what commands changed, what it cost, and what can be done now.
local M = {}

local ENDINGS = { aborted = 'stopped', error = 'ended by an error', length = 'cut at the longest output' }

---@param uri string
---@return string
local function path(uri)
  return '`' .. require('pi.review.proposal').path(uri):gsub('`', "'") .. '`'
end

--- What it cost, and how it ended where that was not by itself.
---@param run { stopReason?: string, usage?: pi.Usage }
---@return string[]
function M.sums(run)
  local usage = run.usage or {}
  local parts = {}
  if run.stopReason and run.stopReason ~= 'stop' then
    table.insert(parts, ENDINGS[run.stopReason] or run.stopReason)
  end
  if (usage.totalTokens or 0) > 0 then
    table.insert(parts, require('pi.text').counted(usage.totalTokens, 'token'))
  end
  if (usage.cost or 0) >= 0.0001 then
    table.insert(parts, ('$%.4f'):format(usage.cost))
  end
  return parts
end

---@param run { files?: table[], changedByCommands?: string[] }
---@return string[]
local function files(run)
  local lines = {}
  for _, file in ipairs(run.files or {}) do
    table.insert(lines, ('- %s%s +%d −%d'):format(path(file.uri), file.created and ', new:' or '', file.added or 0, file.removed or 0))
  end
  for _, uri in ipairs(run.changedByCommands or {}) do
    table.insert(lines, ('- %s changed by a command'):format(path(uri)))
  end
  return lines
end

--- What can be done now.
---@param run { undoable?: boolean, sessionId?: string }
---@return string[]
local function actions(run)
  local parts = {}
  local waiting = vim.iter(require('pi.state').open_edits()):any(function(edit)
    return edit.sessionId == run.sessionId
  end)
  if waiting then
    table.insert(parts, '`:Pi review` decides what waits')
  end
  if run.undoable then
    table.insert(parts, '`:Pi undo` undoes this run')
  end
  return parts
end

---@param transcript pi.Transcript
---@param run table a `runSettled`, or a run's entry of a transcript
function M.write(transcript, run)
  if run.error then
    require('pi.chat.details').failure(transcript, run.error, require('pi.server.steps').named(run.next))
  end
  local lines = files(run)
  if #lines > 0 then
    transcript:paragraph(vim.list_extend({ '*Changed by this run:*' }, lines))
  end
  local parts = vim.list_extend(M.sums(run), actions(run))
  if #parts > 0 then
    transcript:paragraph({ '*' .. table.concat(parts, ' · ') .. '*' })
  end
end

return M
