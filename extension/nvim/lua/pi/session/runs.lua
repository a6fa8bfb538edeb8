-- Runs and the server: stopping, taking back, starting again, how it stands.
local note = require('pi.note')

local M = {}

local run = require('pi.server.commands').run

--- `:Pi undo`: the latest run that changed something; with a bang one of all runs.
---@param choose boolean
function M.undo(choose)
  local function undo(id)
    run('pi.undoRun', { runId = id }, function(result)
      local problems = {}
      for _, file in ipairs(result.files) do
        if file.status == 'failed' or file.status == 'partial' then
          table.insert(
            problems,
            ('%s: %s%s'):format(require('pi.review.proposal').path(file.uri), file.status, file.reason and ' (' .. file.reason .. ')' or '')
          )
        end
      end
      if #problems > 0 then
        return note.warn('not all was taken back: ' .. table.concat(problems, '; '))
      end
      note.info(('%d file%s taken back.'):format(#result.files, #result.files == 1 and '' or 's'))
    end)
  end
  if not choose then
    return undo(nil)
  end
  run('pi.listRuns', nil, function(result)
    local runs = vim.tbl_filter(function(one)
      return not one.undone and #one.files > 0
    end, result.runs)
    if #runs == 0 then
      return note.info('no run has changed anything that could be taken back.')
    end
    require('pi.questions.pick').choose('Take back', runs, function(one)
      return ('%s (%d file%s)'):format(one.title, #one.files, #one.files == 1 and '' or 's')
    end, function(one)
      undo(one.runId)
    end)
  end)
end

--- `:Pi stop`
function M.stop()
  if not require('pi.server.client').get() then
    return note.info('Pi is not at work.')
  end
  run('pi.abort', nil, function(result)
    if not result.aborted then
      note.info('Pi is not at work.')
    end
    require('pi.chat.events').restored(result.restored or {})
  end)
end

--- `:Pi compact [words]`: the conversation so far becomes a summary.
---@param instructions string
function M.compact(instructions)
  run('pi.compact', { instructions = instructions ~= '' and instructions or nil }, function(result)
    note.info(('the conversation was summarized%s.'):format(result.tokensBefore and (', from %d tokens'):format(result.tokensBefore) or ''))
  end)
end

---@param client? vim.lsp.Client
---@return string? folder that Pi works in
local function folder_of(client)
  local folders = client and client.workspace_folders
  return folders and folders[1] and folders[1].name or nil
end

--- `:Pi restart`: a fresh server, with the conversation that there was, where it still works in the same folder: a
--- conversation belongs to its own.
function M.restart()
  local client = require('pi.server.client')
  local path = require('pi.state').session_file
  local before = folder_of(client.get())
  client.stop(function()
    client.ready(function(_, problem)
      if problem then
        return note.error(problem)
      end
      local now = folder_of(client.get())
      if before and now and before ~= now then
        return note.info(('started again in %s, with a new conversation; the one before belongs to %s.'):format(now, before))
      elseif path and vim.fn.filereadable(path) == 1 then
        return require('pi.session.sessions').go_on(path)
      end
      note.info('started again.')
    end)
  end)
end

--- `:Pi status`
function M.status()
  if not require('pi.server.client').get() then
    return note.info('not started; the first :Pi ask starts it.')
  end
  run('pi.status', nil, function(status)
    require('pi.state').set_status(status)
    local parts = { status.state .. (status.problem and ': ' .. status.problem or '') }
    local problem, remedy = require('pi.server.availability').problem()
    if problem and problem ~= status.problem then
      table.insert(parts, problem)
    end
    if remedy then
      table.insert(parts, remedy)
    end
    local function add(format, value)
      if value then
        table.insert(parts, format:format(value))
      end
    end
    add('model %s', status.model)
    add('thinking %s', status.thinking)
    add('mode %s', status.permissionMode)
    add('context %.0f %%', vim.tbl_get(status, 'context', 'percent'))
    add('$%.4f', status.cost)
    if (status.openEdits or 0) > 0 then
      add(status.openEdits == 1 and '%d open edit' or '%d open edits', status.openEdits)
    end
    add('server %s', status.version)
    note.info(table.concat(parts, ' · '))
  end)
end

return M
